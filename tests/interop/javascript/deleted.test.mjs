// The life of a name after its deletion.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { deleted, makeVault, pages, refused } from './vault.mjs';

const DAY = 86_400_000;

test('a deleted secret is told of and holds its name', async () => {
  const { client, url } = await makeVault({
    secrets: [{ name: 'db', value: 'v1', tags: { a: 'b' } }, { name: 'other' }],
  });
  const { version } = (await client.getSecret('db')).properties;
  const gone = await deleted(client, 'db');
  assert.deepEqual([gone.name, gone.properties.version], ['db', version]);
  assert.equal(gone.properties.recoveryId, `${url}/deletedsecrets/db`);
  assert.equal(gone.properties.scheduledPurgeDate - gone.properties.deletedOn, 90 * DAY);

  const got = await client.getDeletedSecret('db');
  assert.deepEqual([got.properties.id, got.properties.tags], [gone.properties.id, { a: 'b' }]);
  const [[listed]] = await pages(client.listDeletedSecrets());
  assert.deepEqual([listed.name, listed.properties.recoveryId], ['db', gone.properties.recoveryId]);
  await refused(() => client.getSecret('db'), 404, 'SecretNotFound');
  await refused(() => client.beginDeleteSecret('db'), 404, 'SecretNotFound');
  await refused(() => client.setSecret('db', 'v2'), 409, 'Conflict', 'ObjectIsDeletedButRecoverable');
});

test('a delete and a recover are waited for', async () => {
  const secrets = [{ name: 'db', versions: ['v1', 'v2'] }];
  const { client, requests } = await makeVault({ delete_delay_ms: 300, recover_delay_ms: 300, secrets });
  await deleted(client, 'db');
  assert.equal((await client.getDeletedSecret('db')).name, 'db');
  assert.ok((await requests()).get_deleted_secret > 2, 'the first look came too early');

  const poller = await client.beginRecoverDeletedSecret('db', { intervalInMs: 50 });
  const recovered = await poller.pollUntilDone();
  const got = await client.getSecret('db');
  assert.deepEqual([got.value, got.properties.version], ['v2', recovered.version]);
  assert.ok((await requests()).get_secret > 3, 'the first looks came too early');
  assert.equal((await pages(client.listPropertiesOfSecretVersions('db')))[0].length, 2);
  await refused(() => client.getDeletedSecret('db'), 404, 'SecretNotFound');
});

test('a secret that is there needs no recovery', async () => {
  const { client, requests } = await makeVault({ secrets: [{ name: 'db', value: 'v1' }] });
  const poller = await client.beginRecoverDeletedSecret('db');
  assert.ok(poller.isDone());
  assert.deepEqual([poller.getResult().name, (await poller.pollUntilDone()).name], ['db', 'db']);
  assert.equal((await requests()).get_secret, 1);
});

test('a purge frees the name', async () => {
  const { client } = await makeVault({ secrets: [{ name: 'db', state: 'deleted' }] });
  await client.purgeDeletedSecret('db');
  await refused(() => client.getDeletedSecret('db'), 404, 'SecretNotFound');
  await refused(() => client.purgeDeletedSecret('db'), 404, 'SecretNotFound');
  assert.equal((await client.setSecret('db', 'v2')).value, 'v2');
});

for (const [state, inner, ...purge] of [
  ['deleting', 'ObjectIsBeingDeleted', 409, 'Conflict', 'ObjectIsBeingDeleted'],
  ['recovering', 'ObjectIsBeingRecovered', 409, 'Conflict', 'ObjectIsBeingRecovered'],
  ['purging', 'ObjectIsBeingDeleted', 404, 'SecretNotFound'],
]) {
  test(`a name that is ${state} is refused`, async () => {
    const held = { delete_delay_ms: -1, recover_delay_ms: -1, purge_delay_ms: -1 };
    const { client } = await makeVault({ ...held, secrets: [{ name: 'db', state }] });
    await refused(() => client.setSecret('db', 'v'), 409, 'Conflict', inner);
    await refused(() => client.purgeDeletedSecret('db'), ...purge);
    await refused(() => client.getSecret('db'), 404, 'SecretNotFound');
    await refused(() => client.getDeletedSecret('db'), 404, 'SecretNotFound');
  });
}

test('a disabled secret is deleted to the end', async () => {
  const { client } = await makeVault({ delete_delay_ms: 200, secrets: [{ name: 'db', enabled: false }] });
  await deleted(client, 'db');
  await refused(() => client.getDeletedSecret('db'), 403, 'Forbidden', 'SecretDisabled');
  await client.purgeDeletedSecret('db');
  await client.setSecret('db', 'v');
});

test('without soft delete a delete is final', async () => {
  const { client } = await makeVault({ soft_delete: false, secrets: [{ name: 'db' }] });
  const { properties } = await deleted(client, 'db');
  assert.deepEqual([properties.recoveryId, properties.recoveryLevel], [undefined, 'Purgeable']);
  await refused(() => client.purgeDeletedSecret('db'), 400, 'NotSupported');
  await client.setSecret('db', 'v');
});

test('purge protection refuses a purge', async () => {
  const { client } = await makeVault({ purge_protection: true, secrets: [{ name: 'db', state: 'deleted' }] });
  await refused(() => client.purgeDeletedSecret('db'), 403, 'Forbidden');
  assert.equal((await client.getDeletedSecret('db')).properties.recoveryLevel, 'Recoverable');
});
