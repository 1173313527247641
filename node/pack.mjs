// Packs what npm publishes: `node pack.mjs ADDON FOLDER` makes a package of this machine's addon and the main package, as
// tarballs in FOLDER. The main package depends on each platform's package of its version that lies there.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const source = import.meta.dirname;
const root = path.dirname(source);
const [addon, folder] = process.argv.slice(2).map((each) => path.resolve(each));
const {
  private: _,
  scripts,
  devDependencies,
  files,
  ...manifest
} = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8'));
const { name, version, license, engines } = manifest;

/** Packs a manifest with files, by their names in the package. */
function pack(manifest, contents) {
  const stage = mkdtempSync(path.join(tmpdir(), 'libkv-pack-'));
  try {
    for (const [name, from] of Object.entries(contents)) {
      mkdirSync(path.dirname(path.join(stage, name)), { recursive: true });
      copyFileSync(from, path.join(stage, name));
    }
    writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
      cwd: stage,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } finally {
    rmSync(stage, { recursive: true });
  }
}

const licenses = Object.fromEntries(['LICENSE-APACHE', 'LICENSE-MIT'].map((name) => [name, path.join(root, name)]));

function packPlatform() {
  const { platform, arch, report } = process;
  const isGlibc = report.getReport().header.glibcVersionRuntime !== undefined;
  const linux = isGlibc ? { abi: 'gnu', libc: ['glibc'] } : { abi: 'musl', libc: ['musl'] };
  const { abi, ...libc } = { linux, win32: { abi: 'msvc' } }[platform] ?? {};
  const label = [platform, arch, abi].filter(Boolean);
  const identity = {
    name: [name, ...label].join('-'),
    version,
    description: `The addon of ${name} for ${label.join(' ')}.`,
  };
  const fits = { os: [platform], cpu: [arch], ...libc };
  pack({ ...identity, license, engines, ...fits, main: 'libkv.node' }, { ...licenses, 'libkv.node': addon });
}

function packMain() {
  const listed = execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: source, encoding: 'utf8' });
  const own = JSON.parse(listed)[0].files.map(({ path }) => path);
  const shipped = own.filter((file) => !['libkv.node', 'package.json'].includes(file));
  const suffix = `-${version}.tgz`;
  const platforms = readdirSync(folder).filter((file) => file.startsWith(`${name}-`) && file.endsWith(suffix));
  const names = platforms.map((file) => file.slice(0, -suffix.length)).filter((each) => each !== name);
  const optionalDependencies = Object.fromEntries(names.sort().map((each) => [each, version]));
  const contents = Object.fromEntries(shipped.map((file) => [file, path.join(source, file)]));
  pack({ ...manifest, optionalDependencies }, { ...licenses, ...contents });
}

mkdirSync(folder, { recursive: true });
packPlatform();
packMain();
