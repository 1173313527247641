import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

const node = path.resolve(import.meta.dirname, '..', '..', 'node');
const modules = path.join(node, 'node_modules');
// A project of a user, who has installed libkv, the types of Node and the official packages.
const folder = mkdtempSync(path.join(tmpdir(), 'libkv-types-'));
mkdirSync(path.join(folder, 'node_modules'));
symlinkSync(node, path.join(folder, 'node_modules', 'libkv'));
for (const scope of ['@types', '@azure']) {
  symlinkSync(path.join(modules, scope), path.join(folder, 'node_modules', scope));
}
after(() => rmSync(folder, { recursive: true }));

const STRICT = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,esnext.disposable', '--types', 'node'];

/** Returns what TypeScript 5 and 7 have against programs, by their file names. */
export function compile(programs, flags = ['--module', 'nodenext'], compilers = ['typescript', 'typescript-7']) {
  for (const [name, program] of Object.entries(programs)) writeFileSync(path.join(folder, name), program);
  const outputs = compilers.map((compiler) => {
    const command = [path.join(modules, compiler, 'bin', 'tsc'), ...STRICT, ...flags, ...Object.keys(programs)];
    const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' });
    return stdout + stderr;
  });
  return outputs.join('');
}
