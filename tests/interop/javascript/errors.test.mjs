// Refusals, as the client exposes them.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeVault, refused } from './vault.mjs';

for (const [operation, ...given] of [
  ['getSecret', 'none'],
  ['getSecret', 'db', { version: '0'.repeat(32) }],
  ['updateSecretProperties', 'none', '', {}],
  ['beginDeleteSecret', 'none'],
  ['getDeletedSecret', 'none'],
  ['purgeDeletedSecret', 'none'],
  ['beginRecoverDeletedSecret', 'none'],
  ['backupSecret', 'none'],
]) {
  test(`${operation} of ${given[0]} finds nothing`, async () => {
    const { client } = await makeVault({ secrets: [{ name: 'db' }] });
    await refused(() => client[operation](...given), 404, 'SecretNotFound');
  });
}

test('bad input is refused', async () => {
  const { client } = await makeVault();
  const tags = Object.fromEntries(Array.from({ length: 16 }, (_, number) => [number, 'v']));
  await refused(() => client.setSecret('my_name', 'v'), 400, 'BadParameter');
  await refused(() => client.getSecret('x'.repeat(128)), 400, 'BadParameter');
  await refused(() => client.setSecret('db', 'v', { tags }), 400, 'BadParameter');
  await refused(() => client.setSecret('db', 'v', { contentType: 'c'.repeat(256) }), 400, 'BadParameter');
  await refused(() => client.setSecret('db', 'v'.repeat(25_601)), 400, 'BadParameter', 'SecretTooLarge');
  await refused(() => client.restoreSecretBackup(Buffer.from('no backup')), 400, 'Malformed backup blob');
});

test('a certificate’s secret is refused', async () => {
  const { client, url } = await makeVault({ secrets: [{ name: 'cert', value: 'pem', managed: true }] });
  const got = await client.getSecret('cert');
  assert.deepEqual([got.value, got.properties.managed], ['pem', true]);
  assert.equal(got.properties.certificateKeyId, `${url}/keys/cert/${got.properties.version}`);
  const managed = [403, 'Forbidden', 'SecretManagedByKeyVault'];
  await refused(() => client.setSecret('cert', 'v'), ...managed);
  await refused(() => client.updateSecretProperties('cert', '', { enabled: false }), ...managed);
  await refused(() => client.beginDeleteSecret('cert'), ...managed);
});

test('a throttled call tells so', async () => {
  const { client } = await makeVault({ throttle: { rate: 0.001, burst: 1 }, secrets: [{ name: 'db' }] });
  await client.getSecret('db');
  await refused(() => client.getSecret('db'), 429, 'Throttled');
});

test('a wrong client secret gets no token', async () => {
  const { client } = await makeVault({}, { secret: 'wrong' });
  await assert.rejects(() => client.getSecret('db'), { name: 'AuthenticationRequiredError', message: /AADSTS7000215/ });
});

test('an aborted call rejects with an AbortError', async () => {
  const faults = [{ operation: 'get_secret', times: -1, delay_ms: 60_000 }];
  const { client } = await makeVault({ secrets: [{ name: 'db' }], faults });
  const aborted = { name: 'AbortError' };
  await assert.rejects(client.setSecret('db', 'v', { abortSignal: AbortSignal.abort() }), aborted);
  const controller = new AbortController();
  const call = client.getSecret('db', { abortSignal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  await assert.rejects(call, aborted);
});

test('a call that takes longer than it may rejects with an AbortError', async () => {
  const faults = [{ times: -1, delay_ms: 60_000 }];
  const { client } = await makeVault({ secrets: [{ name: 'db' }], faults });
  const requestOptions = { timeout: 50 };
  await assert.rejects(client.getSecret('db', { requestOptions }), { name: 'AbortError' });
  await assert.rejects(client.beginDeleteSecret('db', { requestOptions }), { name: 'AbortError' });
});

test('one challenge is enough', async () => {
  const { client, requests } = await makeVault({ secrets: [{ name: 'db', value: 'v' }] });
  await client.getSecret('db');
  await client.setSecret('db', 'v2');
  assert.deepEqual(await requests(), {
    probe: 1,
    get_secret: 1,
    'get_secret db': 1,
    set_secret: 1,
    'set_secret db': 1,
  });
});
