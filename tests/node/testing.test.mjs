import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { ClientSecretCredential, NotFoundError } from '../../node/index.mjs';
import { startEmulator } from '../../node/testing.mjs';

const DAY = 24 * 3600;

async function start(t, options) {
  const emulator = await startEmulator(options);
  t.after(() => emulator.stop());
  return emulator;
}

test('an emulator serves until it is stopped', async () => {
  const emulator = await startEmulator({ flags: ['--token', 'mine'] });
  const client = emulator.client({ timeoutMs: 5000 });
  await client.setSecret('db', 's3cr3t');
  assert.equal((await client.getSecret('db')).value, 's3cr3t');
  assert.equal(emulator.facts.token, 'mine');
  assert.equal(client.vaultUrl, emulator.vaultUrl);
  assert.ok(existsSync(emulator.caFile));
  await emulator[Symbol.asyncDispose]();
  assert.ok(!existsSync(emulator.caFile));
  await emulator.stop();
});

test('vaults are apart and are forgotten together', async (t) => {
  const emulator = await start(t);
  const [first, second] = [emulator.vault(), emulator.vault('second')];
  await first.reset({ secrets: [{ name: 'db', value: 'x' }] });
  assert.equal((await first.client().getSecret('db')).value, 'x');
  await assert.rejects(second.client().getSecret('db'), NotFoundError);
  assert.equal((await second.requests()).counts['get_secret db'], 1);
  await emulator.reset();
  await assert.rejects(first.client().getSecret('db'), NotFoundError);
});

test('deleted secrets and tokens go with time', async (t) => {
  const emulator = await start(t);
  const vault = emulator.vault();
  await vault.reset({ recoverable_days: 7, secrets: [{ name: 'db' }, { name: 'kept', value: 'x' }] });
  const { tenant, authority_url: authorityHost } = emulator.facts;
  const client = vault.client({}, new ClientSecretCredential(tenant, 'app', 'secret', { authorityHost }));
  await client.beginDeleteSecret('db');
  assert.equal((await client.getDeletedSecret('db')).name, 'db');
  await emulator.advance(7 * DAY);
  await assert.rejects(client.getDeletedSecret('db'), NotFoundError);
  assert.equal((await client.getSecret('kept')).value, 'x');
});

test('a state is taken out and put in', async (t) => {
  const emulator = await start(t);
  const vault = emulator.vault('kept');
  await vault.reset({ secrets: [{ name: 'db', versions: ['old', 'new'] }] });
  const state = await emulator.exportState();
  await vault.reset();
  await emulator.importState(state);
  assert.deepEqual(await emulator.exportState(), state);
  assert.equal((await vault.client().getSecret('db')).value, 'new');
});

test('what the control endpoint refuses is told', async (t) => {
  const emulator = await start(t);
  await assert.rejects(emulator.vault().change({ page_sise: 3 }), /page_sise/);
  await assert.rejects(emulator.advance(-1), /advance_s/);
});

test('a program that does not serve is told', async () => {
  await assert.rejects(startEmulator({ binary: '/bin/true' }), /\/bin\/true ended before it served/);
  await assert.rejects(startEmulator({ binary: '/nowhere/kv-emulator' }), { code: 'ENOENT' });
});

test('the program is found', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'libkv-found-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const before = process.env;
  t.after(() => {
    process.env = before;
  });
  process.env = { ...before, PATH: folder, CARGO_TARGET_DIR: path.join(folder, 'target'), KV_EMULATOR: '' };
  await assert.rejects(startEmulator(), /put it on PATH, or let KV_EMULATOR name it/);
  // Each ends at once and says by its path which one was taken, before those that were there.
  for (const place of [folder, path.join(folder, 'target', 'debug'), path.join(folder, 'target', 'release')]) {
    mkdirSync(place, { recursive: true });
    const program = path.join(place, 'kv-emulator');
    writeFileSync(program, '#!/bin/sh\n');
    chmodSync(program, 0o755);
    await assert.rejects(startEmulator(), ({ message }) => message.startsWith(`${program} ended`));
  }
  process.env.KV_EMULATOR = '/nowhere';
  await assert.rejects(startEmulator(), /KV_EMULATOR names \/nowhere/);
});

test('an emulator that nobody stops does not keep its process alive, and ends with it', () => {
  const program = `
    const { startEmulator } = require(${JSON.stringify(createRequire(import.meta.url).resolve('../../node/testing.cjs'))});
    startEmulator().then(({ facts }) => console.log(facts.http_url));
  `;
  const { stdout, status } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8', timeout: 20_000 });
  assert.equal(status, 0);
  assert.match(stdout, /^http:/);
});
