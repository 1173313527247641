'use strict';

const path = require('node:path');

const checkout = path.join(__dirname, '..', 'libkv.node');
const ABIS = { linux: ['-gnu', '-musl'], win32: ['-msvc'] };
/** Of the packages that can hold this machine's addon, npm installs the one whose C library fits. */
const packages = (ABIS[process.platform] ?? ['']).map((abi) => `libkv-${process.platform}-${process.arch}${abi}`);

function load() {
  const failures = [];
  for (const place of [checkout, ...packages]) {
    try {
      return require(place);
    } catch (failure) {
      failures.push(failure);
    }
  }
  // An addon that is there and cannot be loaded says more than those that are not.
  const cause = failures.find(({ code }) => code !== 'MODULE_NOT_FOUND') ?? failures[0];
  const where = `neither from ${checkout} nor from ${packages.join(' or ')}`;
  const remedy = 'install optional dependencies, too, or in a checkout run: make build';
  throw new Error(`libkv's addon cannot be loaded, ${where}; ${remedy}`, { cause });
}

module.exports = load();
