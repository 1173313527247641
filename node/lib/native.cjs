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
  throw new Error(`libkv's addon cannot be loaded, ${where}; ${remedy()}`, { cause });
}

function remedy() {
  // Only what npm publishes names the packages that there are.
  const { optionalDependencies } = require('../package.json');
  if (optionalDependencies === undefined) return 'run: make build';
  const there = Object.keys(optionalDependencies);
  if (there.some((name) => packages.includes(name))) return 'install optional dependencies, too';
  return `there is no package for this platform, only ${there.join(', ')}`;
}

module.exports = load();
