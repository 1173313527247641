import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const node = path.resolve(import.meta.dirname, '..', '..', 'node');

/** A copy of the package without its addon, and how it fails to load. */
function withoutAddon(t, optionalDependencies) {
  const folder = mkdtempSync(path.join(tmpdir(), 'libkv-package-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const part of ['index.cjs', 'lib']) cpSync(path.join(node, part), path.join(folder, part), { recursive: true });
  const manifest = JSON.parse(readFileSync(path.join(node, 'package.json'), 'utf8'));
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ ...manifest, optionalDependencies }));
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

test('a package that is published says for which platforms there are addons', (t) => {
  const own = `libkv-${process.platform}-${process.arch}-gnu`;
  const listed = withoutAddon(t, { [own]: '0.1.0' });
  if (process.platform === 'linux') assert.throws(listed.load, /install optional dependencies, too$/);
  const other = withoutAddon(t, { 'libkv-plan9-mips': '0.1.0' });
  assert.throws(other.load, /there is no package for this platform, only libkv-plan9-mips$/);
});
