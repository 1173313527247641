import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { SecretClient } from '../../node/index.mjs';
import { makeVault } from './vault.mjs';

const never = { operation: 'get_secret', times: -1, delay_ms: 60_000 };
const secrets = [{ name: 'db', value: 'v1' }];

/** Every operation that talks to the vault, with options. */
const operations = {
  setSecret: (client, options) => client.setSecret('db', 'x', options),
  setSecrets: (client, options) => client.setSecrets({ db: 'x' }, options).next(),
  getSecret: (client, options) => client.getSecret('db', options),
  tryGetSecret: (client, options) => client.tryGetSecret('db', options),
  getSecrets: (client, options) => client.getSecrets(options).next(),
  getSecretHistory: (client, options) => client.getSecretHistory('db', options),
  rollbackSecret: (client, options) => client.rollbackSecret('db', '0', options),
  pruneSecretVersions: (client, options) => client.pruneSecretVersions('db', 1, options),
  updateSecretProperties: (client, options) => client.updateSecretProperties('db', '', options),
  listPropertiesOfSecrets: (client, options) => client.listPropertiesOfSecrets(options).next(),
  listPropertiesOfSecretVersions: (client, options) => client.listPropertiesOfSecretVersions('db', options).next(),
  listDeletedSecrets: (client, options) => client.listDeletedSecrets(options).byPage().next(),
  beginDeleteSecret: (client, options) => client.beginDeleteSecret('db', options),
  getDeletedSecret: (client, options) => client.getDeletedSecret('db', options),
  beginRecoverDeletedSecret: (client, options) => client.beginRecoverDeletedSecret('db', options),
  purgeDeletedSecret: (client, options) => client.purgeDeletedSecret('db', options),
  diagnose: (client, options) => client.diagnose(options),
  backupSecret: (client, options) => client.backupSecret('db', options),
  restoreSecretBackup: (client, options) => client.restoreSecretBackup(new Uint8Array(1), options),
};

test('the operations here are all that there are', () => {
  const local = ['constructor', 'stats', 'close'];
  const methods = Object.getOwnPropertyNames(SecretClient.prototype).filter((name) => !local.includes(name));
  assert.deepEqual(methods.sort(), Object.keys(operations).sort());
});

test('a signal that is aborted before sends nothing', async () => {
  const vault = await makeVault({ given: { secrets } });
  for (const reason of [new Error('changed my mind'), null]) {
    const options = { abortSignal: AbortSignal.abort(reason) };
    for (const [name, call] of Object.entries(operations)) {
      await assert.rejects(call(vault.client, options), (error) => error === reason, name);
    }
  }
  assert.equal((await vault.requests()).requests.length, 0);
});

for (const [name, call] of Object.entries(operations)) {
  test(`an abort during ${name} rejects with the reason at once and leaves the signal as it was`, async () => {
    const vault = await makeVault({ given: { secrets, faults: [{ times: -1, delay_ms: 60_000 }] } });
    const controller = new AbortController();
    const { signal } = controller;
    const seen = [];
    const onabort = () => seen.push('onabort');
    signal.onabort = onabort;
    const running = call(vault.client, { abortSignal: signal });
    const asked = ({ authenticated }) => authenticated;
    while (!(await vault.requests()).requests.some(asked));
    const reason = { not: 'even an error' };
    controller.abort(reason);
    await assert.rejects(running, (error) => error === reason);
    assert.deepEqual([seen, signal.onabort], [['onabort'], onabort]);
    assert.equal(getEventListeners(signal, 'abort').length, 1, 'the onabort handler alone');
  });
}

test('a poller’s calls are aborted, before and during', async () => {
  const { client, change } = await makeVault({ given: { secrets, delete_delay_ms: -1 } });
  const poller = await client.beginDeleteSecret('db');
  await change({ faults: [{ operation: 'get_deleted_secret', times: -1, delay_ms: 60_000 }] });
  for (const method of ['poll', 'pollUntilDone']) {
    const reason = new Error(method);
    const before = poller[method]({ abortSignal: AbortSignal.abort(reason) });
    await assert.rejects(before, (error) => error === reason);
    const controller = new AbortController();
    const during = poller[method]({ abortSignal: controller.signal });
    setTimeout(() => controller.abort(reason), 20);
    await assert.rejects(during, (error) => error === reason);
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
  }
});

test('an abort after a call changes nothing', async () => {
  const { client } = await makeVault({ given: { secrets } });
  const controller = new AbortController();
  const { value } = await client.getSecret('db', { abortSignal: controller.signal });
  controller.abort();
  assert.equal(value, 'v1');
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
});

test('one signal ends a thousand calls', async () => {
  const { client } = await makeVault({ given: { secrets, faults: [never] } });
  const warnings = [];
  process.on('warning', (warning) => warnings.push(warning.message));
  const controller = new AbortController();
  const calls = Array.from({ length: 1000 }, () => client.getSecret('db', { abortSignal: controller.signal }));
  setImmediate(() => controller.abort());
  const outcomes = await Promise.allSettled(calls);
  assert.ok(outcomes.every(({ reason }) => reason === controller.signal.reason));
  assert.deepEqual(warnings, []);
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
});

test('a thousand aborts leave nothing behind', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const { client } = await makeVault({ given: { secrets, faults: [never] } });
  const held = [];
  const abortAll = async () => {
    const controllers = Array.from({ length: 1000 }, () => new AbortController());
    const calls = controllers.map(({ signal }) => client.getSecret('db', { abortSignal: signal }));
    held.push(...controllers.map(({ signal }) => new WeakRef(signal)), ...calls.map((promise) => new WeakRef(promise)));
    setImmediate(() => controllers.map((controller) => controller.abort()));
    const outcomes = await Promise.allSettled(calls);
    assert.ok(outcomes.every(({ reason }) => reason.name === 'AbortError'));
  };
  await abortAll();
  // What has been awaited in this turn is held by it.
  for (let turn = 0; turn < 10; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  assert.equal(held.filter((ref) => ref.deref() !== undefined).length, 0);
  assert.equal(await client.getSecret('db', { timeout: 100 }).catch(({ kind }) => kind), 'timeout');
});

test('a signal without a reason, as older packages have it, rejects with an AbortError', async () => {
  const { client } = await makeVault({ given: { secrets } });
  const abortSignal = { aborted: true, addEventListener() {}, removeEventListener() {} };
  await assert.rejects(client.getSecret('db', { abortSignal }), { name: 'AbortError' });
});
