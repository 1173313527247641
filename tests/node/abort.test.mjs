import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';

import { makeVault } from './vault.mjs';

const never = { operation: 'get_secret', times: -1, delay_ms: 60_000 };
const secrets = [{ name: 'db', value: 'v1' }];

test('a signal that is aborted before sends nothing', async () => {
  const vault = await makeVault({ given: { secrets } });
  const reason = new Error('changed my mind');
  const abortSignal = AbortSignal.abort(reason);
  const { client } = vault;
  const calls = [
    client.getSecret('db', { abortSignal }),
    client.setSecret('db', 'x', { abortSignal }),
    client.setSecrets({ db: 'x' }, { abortSignal }).next(),
    client.tryGetSecret('db', { abortSignal }),
    client.getSecrets({ abortSignal }).next(),
    client.getSecretHistory('db', { abortSignal }),
    client.rollbackSecret('db', '0', { abortSignal }),
    client.pruneSecretVersions('db', 1, { abortSignal }),
    client.updateSecretProperties('db', '', { abortSignal }),
    client.listPropertiesOfSecrets({ abortSignal }).next(),
    client.listPropertiesOfSecretVersions('db', { abortSignal }).next(),
    client.listDeletedSecrets({ abortSignal }).next(),
    client.beginDeleteSecret('db', { abortSignal }),
    client.getDeletedSecret('db', { abortSignal }),
    client.beginRecoverDeletedSecret('db', { abortSignal }),
    client.purgeDeletedSecret('db', { abortSignal }),
    client.diagnose({ abortSignal }),
    client.backupSecret('db', { abortSignal }),
    client.restoreSecretBackup(new Uint8Array(1), { abortSignal }),
  ];
  for (const call of calls) await assert.rejects(call, (error) => error === reason);
  assert.equal((await vault.requests()).requests.length, 0);
});

test('an abort during a call rejects with the reason at once and leaves the signal as it was', async () => {
  const vault = await makeVault({ given: { secrets, faults: [never] } });
  const controller = new AbortController();
  const seen = [];
  controller.signal.onabort = () => seen.push('onabort');
  const call = vault.client.getSecret('db', { abortSignal: controller.signal });
  while ((await vault.requests()).requests.length === 0);
  controller.abort();
  await assert.rejects(call, { name: 'AbortError' });
  assert.deepEqual(seen, ['onabort']);
  assert.equal(getEventListeners(controller.signal, 'abort').length, 1, 'the onabort handler alone');
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

test('a signal without a reason, as older packages have it, rejects with an AbortError', async () => {
  const { client } = await makeVault({ given: { secrets } });
  const abortSignal = { aborted: true, addEventListener() {}, removeEventListener() {} };
  await assert.rejects(client.getSecret('db', { abortSignal }), { name: 'AbortError' });
});
