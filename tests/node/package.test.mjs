import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const node = path.resolve(import.meta.dirname, '..', '..', 'node');

/** A copy of the package without its addon but with such packages as `installed` has programs for, and what loads it. */
function withoutAddon(t, optionalDependencies, installed = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'libkv-package-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const part of ['index.cjs', 'lib']) cpSync(path.join(node, part), path.join(folder, part), { recursive: true });
  const manifest = JSON.parse(readFileSync(path.join(node, 'package.json'), 'utf8'));
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ ...manifest, optionalDependencies }));
  for (const [name, program] of Object.entries(installed)) {
    mkdirSync(path.join(folder, 'node_modules', name), { recursive: true });
    writeFileSync(path.join(folder, 'node_modules', name, 'index.js'), program);
  }
  const load = () => createRequire(import.meta.url)(path.join(folder, 'index.cjs'));
  return { folder, load };
}

test('a package without its addon says where it should be and what makes it', (t) => {
  const { folder, load } = withoutAddon(t);
  assert.throws(load, ({ message, cause }) => {
    assert.ok(message.includes(path.join(folder, 'libkv.node')) && message.includes('make build'), message);
    return cause.code === 'MODULE_NOT_FOUND';
  });
});

/** Lets the program believe that it runs on another machine. */
function pretend(t, machine) {
  for (const [name, value] of Object.entries(machine)) {
    const own = Object.getOwnPropertyDescriptor(process, name);
    Object.defineProperty(process, name, { ...own, value });
    t.after(() => Object.defineProperty(process, name, own));
  }
}

for (const [platform, arch, name] of [
  ['linux', 'arm64', 'libkv-linux-arm64-musl'],
  ['darwin', 'arm64', 'libkv-darwin-arm64'],
  ['win32', 'x64', 'libkv-win32-x64-msvc'],
]) {
  test(`a package that is published names ${name} where that is missing`, (t) => {
    pretend(t, { platform, arch });
    const { load } = withoutAddon(t, { [name]: '0.1.0' });
    assert.throws(
      load,
      ({ message }) => message.includes(name) && message.endsWith('; install optional dependencies, too'),
    );
  });
}

test('a package that is published says for which platforms there are addons', (t) => {
  pretend(t, { platform: 'darwin', arch: 'x64' });
  const { load } = withoutAddon(t, { 'libkv-plan9-mips': '0.1.0' });
  const rule = 'from libkv-darwin-x64; there is no package for this platform, only libkv-plan9-mips';
  assert.throws(load, ({ message }) => message.endsWith(rule));
});

test('of the packages for a platform the one is loaded whose C library is there', (t) => {
  pretend(t, { platform: 'linux', arch: 'arm64' });
  const [gnu, musl] = ['libkv-linux-arm64-gnu', 'libkv-linux-arm64-musl'];
  const addon = `module.exports = require(${JSON.stringify(path.join(node, 'libkv.node'))});`;
  const lacks = 'throw new Error("libc.so: cannot open shared object file");';
  for (const installed of [{ [gnu]: addon }, { [musl]: addon }, { [gnu]: lacks, [musl]: addon }]) {
    const { load } = withoutAddon(t, { [gnu]: '0.1.0', [musl]: '0.1.0' }, installed);
    assert.equal(typeof load().SecretClient, 'function');
  }
  const { load } = withoutAddon(t, { [gnu]: '0.1.0', [musl]: '0.1.0' }, { [gnu]: lacks });
  assert.throws(load, ({ message, cause }) => message.endsWith(`: ${cause.message}`) && /cannot open/.test(message));
});
