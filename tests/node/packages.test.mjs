// What npm publishes, installed into an empty project. LIBKV_PACKAGES names a folder with the tarballs to try; without it they
// are made of the addon in the checkout. LIBKV_PACKAGES_LIMIT is how many bytes may be installed.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { here } from '../../node/platforms.mjs';
import { facts, makeVault } from './vault.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');
const node = path.join(root, 'node');
const folder = mkdtempSync(path.join(tmpdir(), 'libkv-packages-'));
const project = path.join(folder, 'project');
after(() => rmSync(folder, { recursive: true }));

/** Runs a program in the project and gives what it prints. */
async function run(program, ...args) {
  const { url } = await makeVault();
  const env = { ...process.env, VAULT_URL: url, VAULT_TOKEN: facts.token, VAULT_CA_FILE: facts.ca_file };
  const options = { cwd: project, env, timeout: 120_000 };
  return (await promisify(execFile)(program, args, options)).stdout;
}

/** Gives the files of an installed package, by their paths. */
const filesOf = (name) => {
  const installed = path.join(project, 'node_modules', name);
  return readdirSync(installed, { recursive: true }).map((file) => path.join(installed, file));
};

let installed;
let published;

before(async () => {
  const packages = process.env.LIBKV_PACKAGES ?? path.join(folder, 'packages');
  const pack = [path.join(node, 'pack.mjs'), packages, `${here()}=${path.join(node, 'libkv.node')}`];
  if (!process.env.LIBKV_PACKAGES) await promisify(execFile)(process.execPath, pack);
  // Of the addons npm takes none that is another machine's.
  const isOurs = (file) => /^libkv-\d/.test(file) || file.startsWith(`libkv-${here()}-`);
  const files = readdirSync(packages).filter(isOurs);
  const tarballs = files.map((file) => path.join(packages, file));
  published = tarballs.find((file) => /^libkv-\d/.test(path.basename(file)));
  mkdirSync(project);
  writeFileSync(path.join(project, 'package.json'), '{"private": true}');
  await run('npm', 'install', '--offline', '--no-audit', '--no-fund', ...tarballs);
  installed = readdirSync(path.join(project, 'node_modules')).filter((name) => !name.startsWith('.'));
});

test('two packages are installed, and nothing runs at that', () => {
  assert.deepEqual([installed.length, installed[0]], [2, 'libkv']);
  const manifests = installed.map((name) => {
    return JSON.parse(readFileSync(path.join(project, 'node_modules', name, 'package.json'), 'utf8'));
  });
  const [main, platform] = manifests;
  assert.equal(main.optionalDependencies[platform.name], main.version);
  for (const { scripts, dependencies, private: isPrivate, license } of manifests) {
    assert.deepEqual(
      [scripts, dependencies, isPrivate, license],
      [undefined, undefined, undefined, 'MIT OR Apache-2.0'],
    );
  }
  for (const name of installed) {
    const names = filesOf(name).map((file) => path.basename(file));
    for (const license of ['LICENSE-APACHE', 'LICENSE-MIT'])
      assert.ok(names.includes(license), `${name} lacks ${license}`);
  }
});

test('the main package is as publishers of packages have it', async () => {
  const publint = path.join(node, 'node_modules', 'publint', 'src', 'cli.js');
  assert.match(await run(process.execPath, publint, '--strict', published), /All good!/);
});

test('what is installed is no larger than promised', { skip: !process.env.LIBKV_PACKAGES_LIMIT }, () => {
  const bytes = installed.flatMap(filesOf).reduce((sum, file) => sum + statSync(file).size, 0);
  assert.ok(bytes <= Number(process.env.LIBKV_PACKAGES_LIMIT), `${bytes} bytes are installed`);
});

test('the quick start runs as an ES module', async () => {
  copyFileSync(path.join(root, 'examples', 'quick_start.mjs'), path.join(project, 'quick_start.mjs'));
  assert.match(await run(process.execPath, 'quick_start.mjs'), /^wrote greeting-node version \w+\nread 5 characters\n/);
});

for (const [runtime, ...flags] of [['bun'], ['deno', 'run', '--allow-all', '--node-modules-dir=manual']]) {
  const program = path.join(node, 'node_modules', '.bin', runtime);
  const isMissing = !existsSync(program) && process.env.LIBKV_REQUIRE !== 'all';
  test(`the quick start runs under ${runtime}`, { skip: isMissing && `there is no ${program}` }, async () => {
    copyFileSync(path.join(root, 'examples', 'quick_start.mjs'), path.join(project, 'quick_start.mjs'));
    const stdout = await run(program, ...flags, 'quick_start.mjs');
    assert.match(stdout, /^wrote greeting-node version \w+\nread 5 characters\n/);
  });
}

const program = `
  const { VAULT_URL, VAULT_TOKEN, VAULT_CA_FILE } = process.env as Record<string, string>;
  const client = new SecretClient(VAULT_URL, new StaticTokenCredential(VAULT_TOKEN), { caFile: VAULT_CA_FILE });
  client.setSecret('db', 'v1').then(({ name, value }) => console.log(name, value));
`;

test('a program runs as CommonJS', async () => {
  const imported = "const { SecretClient, StaticTokenCredential } = require('libkv');";
  writeFileSync(path.join(project, 'program.cjs'), imported + program.replace(' as Record<string, string>', ''));
  assert.equal(await run(process.execPath, 'program.cjs'), 'db v1\n');
});

for (const [language, suffix] of [
  ['ES modules', 'mts'],
  ['CommonJS', 'cts'],
]) {
  test(`a program in TypeScript runs, compiled to ${language}`, async () => {
    const imported = "import { SecretClient, StaticTokenCredential } from 'libkv';";
    writeFileSync(path.join(project, `typed.${suffix}`), imported + program);
    const tsc = path.join(node, 'node_modules', 'typescript', 'bin', 'tsc');
    const types = ['--typeRoots', path.join(node, 'node_modules', '@types'), '--types', 'node'];
    const flags = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022', ...types];
    assert.equal(await run(process.execPath, tsc, ...flags, `typed.${suffix}`), '');
    assert.equal(await run(process.execPath, `typed.${suffix.replace('t', 'j')}`), 'db v1\n');
  });
}
