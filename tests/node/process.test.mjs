import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';

import { makeVault } from './vault.mjs';

const secrets = [{ name: 'db', value: 'v1' }];

test('the event loop goes on while a call waits', async () => {
  const slow = { operation: 'get_secret', delay_ms: 200 };
  const { client } = await makeVault({ given: { secrets, faults: [slow] } });
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  await client.getSecret('db');
  clearInterval(timer);
  assert.ok(ticks >= 10, `${ticks} ticks in 200 ms`);
});

test('a thousand calls at once all come back', async () => {
  const { client } = await makeVault({ given: { secrets } });
  const calls = Array.from({ length: 1000 }, () => client.getSecret('db'));
  const values = (await Promise.all(calls)).map(({ value }) => value);
  assert.deepEqual([values.length, new Set(values)], [1000, new Set(['v1'])]);
  assert.equal(client.stats().operations, 1000);
});

test('a thousand calls that wait for the vault leave the event loop free', async () => {
  const slow = { operation: 'get_secret', times: -1, delay_ms: 300 };
  const { client } = await makeVault({ given: { secrets, faults: [slow] } });
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, 1);
  const calls = Array.from({ length: 1_000 }, async () => {
    await client.getSecret('db');
    return ticks;
  });
  const before = await Promise.all(calls);
  clearInterval(timer);
  assert.ok(Math.min(...before) > 0, 'no timer came before the first answer');
});

/** A program that reads a secret with the vault given in its environment, and then whatever `then` says. */
function run(vault, then, credential = 'new StaticTokenCredential(token)') {
  const program = `
    const { SecretClient, StaticTokenCredential } = require('./node/index.cjs');
    const [url, token, options] = JSON.parse(process.env.VAULT);
    const credential = ${credential};
    const client = new SecretClient(url, credential, options);
    client.getSecret('db').then(({ value }) => { console.log(value); ${then} });
  `;
  const env = { ...process.env, VAULT: JSON.stringify([vault.url, vault.token, vault.options]) };
  const cwd = new URL('../../', import.meta.url);
  return spawnSync(process.execPath, ['-e', program], { cwd, env, encoding: 'utf8', timeout: 20_000 });
}

test('an idle client lets the process exit', async () => {
  const { status, stdout, stderr } = run(await makeVault({ given: { secrets } }), '');
  assert.deepEqual([status, stdout, stderr], [0, 'v1\n', '']);
});

test('results that are left in the middle let the process exit', async () => {
  const never = { operation: 'get_secret', name: 'slow', times: -1, delay_ms: 60_000 };
  const vault = await makeVault({ given: { secrets, faults: [never] } });
  const then = "globalThis.results = client.getSecrets({ names: ['db', 'slow'] }); results.next();";
  const { status, stdout, stderr } = run(vault, then);
  assert.deepEqual([status, stdout, stderr], [0, 'v1\n', '']);
});

test('a process may exit with calls in flight', async () => {
  const never = { operation: 'get_secret', name: 'slow', times: -1, delay_ms: 60_000 };
  const vault = await makeVault({ given: { secrets, faults: [never] } });
  const then = `
    client.getSecret('slow');
    client.getSecrets({ names: ['slow'] }).next();
    setTimeout(() => process.exit(3), 50);
  `;
  const { status, stdout, stderr } = run(vault, then);
  assert.deepEqual([status, stdout, stderr], [3, 'v1\n', '']);
});

test('a token that is being replaced lets the process exit', async () => {
  const credential = `{
    asked: 0,
    getToken() {
      if (this.asked++) return new Promise(() => {});
      return { token, expiresOnTimestamp: Date.now() + 60_000, refreshAfterTimestamp: Date.now() - 1000 };
    },
  }`;
  const then = `
    (async () => {
      while (credential.asked < 2) await client.getSecret('db');
      console.log('asked again');
    })();
  `;
  const { status, stdout, stderr } = run(await makeVault({ given: { secrets } }), then, credential);
  assert.deepEqual([status, stdout, stderr], [0, 'v1\nasked again\n', '']);
});

test('a process may exit from within a credential', async () => {
  const credential = '{ getToken: () => process.exit(3) }';
  const { status, stdout, stderr } = run(await makeVault(), '', credential);
  assert.deepEqual([status, stdout, stderr], [3, '', '']);
});

test('a worker may end while its credential is asked, by itself or by force', async () => {
  const vault = await makeVault({ given: { secrets } });
  for (const end of ['exit', 'terminate']) {
    const workerData = { url: vault.url, options: vault.options, end };
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData });
    // Both events can come before anything that awaits the first goes on.
    const exit = once(worker, 'exit');
    await once(worker, 'message');
    if (end === 'terminate') worker.terminate();
    assert.deepEqual(await exit, [end === 'terminate' ? 1 : 0]);
  }
  assert.equal((await vault.client.getSecret('db')).value, 'v1');
});

test('a worker may end with results in the middle', async () => {
  const vault = await makeVault({ given: { secrets } });
  const workerData = { url: vault.url, token: vault.token, options: vault.options, names: ['db', 'db', 'db'] };
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData });
  const exit = once(worker, 'exit');
  const [value] = await once(worker, 'message');
  assert.equal(value, 'v1');
  assert.deepEqual(await exit, [0]);
  assert.equal((await vault.client.getSecret('db')).value, 'v1');
});

test('a worker may be ended with calls in flight', async () => {
  const never = { operation: 'get_secret', times: -1, delay_ms: 60_000 };
  const vault = await makeVault({ given: { secrets, faults: [never] } });
  const names = Array.from({ length: 100 }, (_, number) => `s${number}`);
  const workerData = { url: vault.url, token: vault.token, options: vault.options, names };
  const reads = async () => (await vault.requests()).counts.get_secret ?? 0;
  for (let round = 0; round < 3; round++) {
    const before = await reads();
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData });
    const exit = once(worker, 'exit');
    // The last worker's requests may still be on their way.
    await once(worker, 'online');
    // A call that outlived its worker would keep the next one's from being sent.
    while ((await reads()) === before);
    worker.terminate();
    assert.deepEqual(await exit, [1]);
  }
  assert.equal((await vault.client.listPropertiesOfSecrets().next()).value.name, 'db');
});

test('a package that is loaded again works beside the one before', async () => {
  const vault = await makeVault({ given: { secrets } });
  const require = createRequire(import.meta.url);
  const load = () => {
    for (const file of Object.keys(require.cache)) delete require.cache[file];
    return require('../../node/index.cjs');
  };
  const [first, second] = [load(), load()];
  assert.notEqual(first.SecretClient, second.SecretClient);
  const clients = [first, second].map((libkv) => {
    return new libkv.SecretClient(vault.url, new libkv.StaticTokenCredential(vault.token), vault.options);
  });
  const reads = await Promise.all(clients.map((client) => client.getSecret('db')));
  assert.deepEqual(
    reads.map(({ value }) => value),
    ['v1', 'v1'],
  );
  const error = await clients[0].getSecret('none').catch((caught) => caught);
  assert.ok(error instanceof first.NotFoundError && !(error instanceof second.NotFoundError));
  assert.ok(second.isRestError(error));
});

test('a program may put another class in the place of Promise', async (t) => {
  const { client } = await makeVault({ given: { secrets } });
  const own = globalThis.Promise;
  t.after(() => {
    globalThis.Promise = own;
  });
  globalThis.Promise = class extends own {};
  assert.equal((await client.getSecret('db')).value, 'v1');
});

test('a call ends, and it alone, where a class of the program throws while its answer is made', async (t) => {
  const { client } = await makeVault({ given: { secrets } });
  const own = globalThis.Date;
  t.after(() => {
    globalThis.Date = own;
  });
  let left = 1;
  globalThis.Date = class extends own {
    constructor(...args) {
      if (left-- > 0) throw new Error('no dates');
      super(...args);
    }
  };
  const calls = await Promise.allSettled(Array.from({ length: 5 }, () => client.getSecret('db')));
  const ends = calls.map(({ value, reason }) => value?.value ?? `${reason.kind}: ${reason.message}`);
  assert.deepEqual(ends.sort(), ['internal: the answer could not be made: Error: no dates', ...Array(4).fill('v1')]);
});

test('what another context made is taken', async () => {
  const { client } = await makeVault();
  const options = runInNewContext("({ tags: { a: 'b' }, expiresOn: new Date(4e12), contentType: 'text/plain' })");
  const { properties } = await client.setSecret('db', 'v1', options);
  assert.deepEqual([properties.tags, properties.expiresOn], [{ a: 'b' }, new Date(4e12)]);
  const values = runInNewContext("new Map([['a', '1'], ['b', '2']])");
  for await (const { error } of client.setSecrets(values)) assert.equal(error, undefined);
  const backup = await client.backupSecret('db');
  await (await client.beginDeleteSecret('db')).pollUntilDone();
  await client.purgeDeletedSecret('db', { wait: true });
  const copy = runInNewContext('Uint8Array.from(bytes)', { bytes: [...backup] });
  assert.equal((await client.restoreSecretBackup(copy)).name, 'db');
});

test('workers have clients of their own, one after the other and at once', async () => {
  const vault = await makeVault({ given: { secrets } });
  const work = () =>
    new Promise((resolve, reject) => {
      const workerData = { url: vault.url, token: vault.token, options: vault.options };
      const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData });
      worker.once('message', resolve).once('error', reject);
    });
  assert.equal(await work(), 'v1');
  assert.deepEqual(await Promise.all([work(), work(), work()]), ['v1', 'v1', 'v1']);
  assert.equal((await vault.client.getSecret('db')).value, 'v1');
});
