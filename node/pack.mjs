// Packs what npm publishes: `node pack.mjs FOLDER PLATFORM=ADDON…` makes a package of each platform's addon and the main package,
// as tarballs in FOLDER. The main package depends on all of them.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';

import { machinesOf } from './platforms.mjs';

const source = import.meta.dirname;
const root = path.dirname(source);
const [folder, ...addons] = process.argv.slice(2);
const {
  private: _,
  scripts,
  devDependencies,
  files,
  ...manifest
} = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8'));
const { name, version, license, engines } = manifest;
const licenses = Object.fromEntries(['LICENSE-APACHE', 'LICENSE-MIT'].map((name) => [name, path.join(root, name)]));

/** Packs a manifest with files, by their names in the package, after `finish` has changed them. */
function pack(manifest, contents, finish = () => {}) {
  const stage = mkdtempSync(path.join(tmpdir(), 'libkv-pack-'));
  try {
    for (const [name, from] of Object.entries({ ...licenses, ...contents })) {
      mkdirSync(path.dirname(path.join(stage, name)), { recursive: true });
      copyFileSync(from, path.join(stage, name));
    }
    writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
    finish(stage);
    execFileSync('npm', ['pack', '--silent', '--pack-destination', path.resolve(folder)], {
      cwd: stage,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } finally {
    rmSync(stage, { recursive: true });
  }
}

/** Packs a platform's addon, and returns the package's name. */
function packAddon(platform, addon) {
  const own = `${name}-${platform}`;
  const description = `The addon of ${name} for ${platform.replaceAll('-', ' ')}.`;
  const identity = { name: own, version, description, license, engines };
  pack({ ...identity, ...machinesOf(platform), main: 'libkv.node' }, { 'libkv.node': addon });
  return own;
}

function packMain(platforms) {
  const listed = execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: source, encoding: 'utf8' });
  const own = JSON.parse(listed)[0].files.map(({ path }) => path);
  const shipped = own.filter((file) => !['libkv.node', 'package.json'].includes(file));
  const optionalDependencies = Object.fromEntries(platforms.map((each) => [each, version]));
  const contents = Object.fromEntries(shipped.map((file) => [file, path.join(source, file)]));
  pack({ ...manifest, optionalDependencies }, contents, bundle);
}

/** Makes one file of the modules, which is loaded in half the time. */
function bundle(stage) {
  const { main } = manifest;
  const files = { absWorkingDir: stage, entryPoints: [main], outfile: main, allowOverwrite: true };
  buildSync({ ...files, bundle: true, platform: 'node', packages: 'external' });
  rmSync(path.join(stage, 'lib'), { recursive: true });
}

mkdirSync(folder, { recursive: true });
packMain(addons.map((each) => packAddon(...each.split('='))));
