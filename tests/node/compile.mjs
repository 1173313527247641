import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

const node = path.resolve(import.meta.dirname, '..', '..', 'node');
const tsc = path.join(node, 'node_modules', 'typescript', 'bin', 'tsc');
// A project of a user, who has installed libkv, the types of Node and the official packages.
const folder = mkdtempSync(path.join(tmpdir(), 'libkv-types-'));
mkdirSync(path.join(folder, 'node_modules'));
symlinkSync(node, path.join(folder, 'node_modules', 'libkv'));
for (const scope of ['@types', '@azure']) {
  symlinkSync(path.join(node, 'node_modules', scope), path.join(folder, 'node_modules', scope));
}
after(() => rmSync(folder, { recursive: true }));

const STRICT = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,esnext.disposable'];

/** Returns what the compiler has against programs, by their file names. */
export function compile(programs, flags = ['--module', 'nodenext']) {
  for (const [name, program] of Object.entries(programs)) writeFileSync(path.join(folder, name), program);
  const command = [tsc, ...STRICT, ...flags, ...Object.keys(programs)];
  const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' });
  return stdout + stderr;
}
