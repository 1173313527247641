import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const node = path.resolve(import.meta.dirname, '..', '..', 'node');

test('a package without its addon says where it should be and what makes it', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'libkv-package-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const part of ['index.cjs', 'lib']) cpSync(path.join(node, part), path.join(folder, part), { recursive: true });
  const load = () => createRequire(import.meta.url)(path.join(folder, 'index.cjs'));
  assert.throws(load, ({ message, cause }) => {
    assert.ok(message.includes(path.join(folder, 'libkv.node')) && message.includes('make build'), message);
    return cause.code === 'MODULE_NOT_FOUND';
  });
});
