import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { format } from 'node:util';
import { Worker } from 'node:worker_threads';

import { logger } from '../../node/index.mjs';
import { makeVault } from './vault.mjs';

const secrets = [{ name: 'db', value: 'hunter2' }];
const CHANNELS = ['operation', 'request', 'response', 'retry', 'token'].map((name) => `libkv:${name}`);

/** Collects what channels tell until `isOver`, given what has been told of each so far, says so. */
async function told(run, isOver) {
  const records = Object.fromEntries(CHANNELS.map((channel) => [channel, []]));
  const subscribers = CHANNELS.map((channel) => [channel, (record) => records[channel].push(record)]);
  for (const each of subscribers) subscribe(...each);
  try {
    await run();
    while (!isOver(records)) await new Promise(setImmediate);
  } finally {
    for (const each of subscribers) unsubscribe(...each);
  }
  return records;
}

test('what a call does is told on channels, without values and tokens', async () => {
  const faults = [{ operation: 'get_secret', status: 503 }];
  const { client, token } = await makeVault({ given: { secrets, faults } });
  const records = await told(
    () => client.getSecret('db'),
    (sofar) => sofar['libkv:operation'].length === 1,
  );
  const [operation] = records['libkv:operation'];
  const { elapsedMs, ...known } = operation;
  const message = 'a call has ended';
  assert.deepEqual(known, { level: 'debug', message, operation: 'get_secret', outcome: 'ok' });
  assert.equal(typeof elapsedMs, 'number');
  const [{ attempt, kind, status, delayMs }] = records['libkv:retry'];
  assert.deepEqual([attempt, kind, status, typeof delayMs], [1, 'unavailable', 503, 'number']);
  const paths = records['libkv:request'].map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(new Set(paths), new Set(['GET /secrets/db/']));
  assert.deepEqual(records['libkv:response'].map(({ status }) => status).sort(), [200, 401, 503]);
  const all = JSON.stringify(records);
  assert.ok(!all.includes('hunter2') && !all.includes(token));
});

test('the logger gives a level to whom a program names', async (t) => {
  const faults = [{ operation: 'get_secret', status: 503 }];
  const { client, token } = await makeVault({ given: { secrets, faults } });
  const { info, verbose } = logger;
  const { log } = info;
  const printed = [];
  const print = (...args) => {
    printed.push(format(...args));
    throw new Error('mine');
  };
  Object.assign(info, { enabled: true, log: print });
  t.after(() => Object.assign(info, { enabled: false, log }));
  await client.getSecret('db');
  while (!printed.some((line) => line.startsWith('INFO libkv::retry: '))) await new Promise(setImmediate);
  assert.ok(printed.every((line) => line.startsWith('INFO ')));
  assert.ok(!printed.join().includes('hunter2') && !printed.join().includes(token));
  assert.equal(verbose.enabled, false);
  assert.equal(info.extend('own').namespace, 'libkv:info:own');
  assert.ok(info.destroy() && !info.enabled);
});

test('nothing is told when nobody listens any more', async () => {
  const { client } = await makeVault({ given: { secrets } });
  let heard = 0;
  const hear = () => {
    heard += 1;
  };
  subscribe('libkv:operation', hear);
  await client.getSecret('db');
  while (heard === 0) await new Promise(setImmediate);
  unsubscribe('libkv:operation', hear);
  await client.getSecret('db');
  const records = await told(
    () => client.tryGetSecret('none'),
    (sofar) => sofar['libkv:operation'].length > 0,
  );
  assert.deepEqual(
    records['libkv:operation'].map(({ operation }) => operation),
    ['try_get_secret'],
  );
  assert.equal(heard, 1);
});

test('packages that are loaded again tell once what each client does', async () => {
  const vault = await makeVault({ given: { secrets } });
  const require = createRequire(import.meta.url);
  const listeners = process.listenerCount('exit');
  const loads = 3;
  const records = await told(
    async () => {
      for (let load = 0; load < loads; load++) {
        for (const file of Object.keys(require.cache)) delete require.cache[file];
        const libkv = require('../../node/index.cjs');
        const credential = new libkv.StaticTokenCredential(vault.token);
        await new libkv.SecretClient(vault.url, credential, vault.options).getSecret('db');
      }
      await vault.client.tryGetSecret('none');
    },
    (sofar) => sofar['libkv:operation'].some(({ operation }) => operation === 'try_get_secret'),
  );
  assert.equal(records['libkv:operation'].length, loads + 1);
  assert.ok(process.listenerCount('exit') <= listeners + 1);
});

test('a worker that listened may end, and others are told on', async () => {
  const vault = await makeVault({ given: { secrets } });
  const program = `
    const { workerData } = require('node:worker_threads');
    require('node:diagnostics_channel').subscribe('libkv:request', () => {});
    const { SecretClient, StaticTokenCredential } = require(workerData.libkv);
    const client = new SecretClient(workerData.url, new StaticTokenCredential(workerData.token), workerData.options);
    client.getSecret('db');
  `;
  const libkv = new URL('../../node/index.cjs', import.meta.url).pathname;
  const workerData = { libkv, url: vault.url, token: vault.token, options: vault.options };
  const records = await told(
    async () => {
      const worker = new Worker(program, { eval: true, workerData });
      await new Promise((resolve) => worker.once('exit', resolve));
      await vault.client.getSecret('db');
    },
    (sofar) => sofar['libkv:operation'].length > 0,
  );
  assert.ok(records['libkv:request'].length > 0);
});

for (const [how, then] of [
  ['has nothing left to do', ''],
  ['exits', 'process.exit()'],
  ['throws', 'setImmediate(() => { throw new Error("mine"); })'],
]) {
  test(`NODE_DEBUG prints the same, to the last line of a process that ${how}`, async () => {
    const vault = await makeVault({ given: { secrets } });
    const program = `
      const { SecretClient, StaticTokenCredential } = require('./node/index.cjs');
      const [url, token, options] = JSON.parse(process.env.VAULT);
      const client = new SecretClient(url, new StaticTokenCredential(token), options);
      client.getSecret('db').then(() => { ${then} });
    `;
    const env = { ...process.env, NODE_DEBUG: 'libkv' };
    env.VAULT = JSON.stringify([vault.url, vault.token, vault.options]);
    const cwd = new URL('../../', import.meta.url);
    const { stderr } = spawnSync(process.execPath, ['-e', program], { cwd, env, encoding: 'utf8', timeout: 20_000 });
    assert.match(stderr, /^LIBKV \d+: DEBUG libkv::request: a request leaves .*"path":"\/secrets\/db\/"/m);
    assert.match(stderr, /^LIBKV \d+: DEBUG libkv::operation: a call has ended .*"operation":"get_secret"/m);
    assert.ok(!stderr.includes('hunter2') && !stderr.includes(vault.token));
  });
}
