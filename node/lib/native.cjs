'use strict';

const path = require('node:path');

/** Only what npm publishes names the packages that there are; a checkout has an addon of its own. */
const { optionalDependencies: published } = require('../package.json');

/** Of the packages that can hold a machine's addon, npm installs the one whose C library fits. */
const ABIS = { linux: ['-gnu', '-musl'], win32: ['-msvc'] };

const packagesOf = ({ platform, arch }) => (ABIS[platform] ?? ['']).map((abi) => `libkv-${platform}-${arch}${abi}`);

function load() {
  const places = published ? packagesOf(process) : [path.join(__dirname, '..', 'libkv.node')];
  const failures = [];
  for (const place of places) {
    try {
      // Copies of this package know by it that they share an addon.
      return Object.assign(require(place), { file: require.resolve(place) });
    } catch (failure) {
      failures.push(failure);
    }
  }
  const what = `libkv's addon cannot be loaded from ${places.join(' or ')}`;
  // An addon that is there and cannot be loaded says more than those that are not.
  const cause = failures.find(({ code }) => code !== 'MODULE_NOT_FOUND');
  if (cause) throw new Error(`${what}: ${cause.message}`, { cause });
  throw new Error(`${what}; ${remedy(places)}`, { cause: failures[0] });
}

function remedy(places) {
  if (!published) return 'run: make build';
  const names = Object.keys(published);
  if (names.some((name) => places.includes(name))) return 'install optional dependencies, too';
  return `there is no package for this platform, only ${names.join(', ')}`;
}

module.exports = load();
