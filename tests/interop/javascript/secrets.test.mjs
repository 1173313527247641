// Set, get, update, backup and restore.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseKeyVaultSecretIdentifier } from '@azure/keyvault-secrets';

import { deleted, makeVault, pages, refused } from './vault.mjs';

const start = new Date('2030-01-01T00:00:00Z');
const end = new Date('2031-01-01T00:00:00Z');

test('a set gives every property back', async () => {
  const { client, url } = await makeVault();
  const tags = { service: 'shop', empty: '' };
  const secret = await client.setSecret('Db', 'v1', {
    contentType: 'text/plain',
    tags,
    notBefore: start,
    expiresOn: end,
  });
  const { version, createdOn, updatedOn, ...properties } = secret.properties;
  assert.deepEqual([secret.name, secret.value], ['Db', 'v1']);
  assert.match(version, /^[0-9a-f]{32}$/);
  assert.deepEqual(createdOn, updatedOn);
  assert.deepEqual(properties, {
    ...properties,
    id: `${url}/secrets/Db/${version}`,
    vaultUrl: url,
    name: 'Db',
    contentType: 'text/plain',
    tags,
    enabled: true,
    notBefore: start,
    expiresOn: end,
    recoveryLevel: 'Recoverable+Purgeable',
    recoverableDays: 90,
  });
  assert.deepEqual([properties.managed, properties.certificateKeyId], [undefined, undefined]);
});

for (const value of ['', 'käse \u{1f9c0}\r\n\t"\'\\', 'x'.repeat(25_600)]) {
  test(`a value of ${value.length} comes back as it was`, async () => {
    const { client } = await makeVault();
    await client.setSecret('db', value);
    assert.equal((await client.getSecret('db')).value, value);
  });
}

test('an empty name is refused', async () => {
  const { client } = await makeVault();
  await assert.rejects(async () => client.setSecret('', 'v'));
});

test('an identifier comes apart', async () => {
  const { client, url } = await makeVault();
  const { id, version, previousVersion } = (await client.setSecret('db', 'v')).properties;
  const parts = { sourceId: id, vaultUrl: url, name: 'db' };
  assert.deepEqual(parseKeyVaultSecretIdentifier(id), { ...parts, version });
  for (const sourceId of [`${url}/secrets/db`, `${url}/deletedsecrets/db`]) {
    assert.deepEqual(
      { version: undefined, ...parseKeyVaultSecretIdentifier(sourceId) },
      { ...parts, sourceId, version: undefined },
    );
  }
  assert.throws(() => parseKeyVaultSecretIdentifier('db'));
  assert.equal(previousVersion, undefined);
});

test('each set makes a version', async () => {
  const { client } = await makeVault();
  const versions = [];
  for (const value of ['v0', 'v1', 'v2', 'v3', 'v4']) {
    versions.push((await client.setSecret('db', value)).properties.version);
  }
  assert.equal((await client.getSecret('db')).value, 'v4');
  for (const [index, version] of versions.entries()) {
    assert.equal((await client.getSecret('db', { version })).value, `v${index}`);
  }
  const [listed] = await pages(client.listPropertiesOfSecretVersions('db'));
  assert.deepEqual(
    listed.map(({ version }) => version),
    versions.toSorted(),
  );
});

test('an update changes what it names', async () => {
  const { client } = await makeVault();
  const given = { contentType: 'a', tags: { a: '1', b: '2' }, notBefore: start };
  const first = (await client.setSecret('db', 'v1', given)).properties;
  const second = (await client.setSecret('db', 'v2', { contentType: 'b' })).properties;

  const updated = await client.updateSecretProperties('db', first.version, { tags: { c: '3' }, expiresOn: end });
  assert.deepEqual([updated.version, updated.contentType, updated.tags], [first.version, 'a', { c: '3' }]);
  assert.deepEqual([updated.notBefore, updated.expiresOn, updated.createdOn], [start, end, first.createdOn]);

  const newest = await client.updateSecretProperties('db', '', { contentType: 'new' });
  assert.deepEqual([newest.version, newest.contentType], [second.version, 'new']);
  assert.equal((await client.getSecret('db')).value, 'v2');
});

test('a disabled secret is not read', async () => {
  const { client } = await makeVault();
  const { version } = (await client.setSecret('db', 'v1')).properties;
  assert.equal((await client.setSecret('db', 'v2', { enabled: false })).value, 'v2');
  await refused(() => client.getSecret('db'), 403, 'Forbidden', 'SecretDisabled');
  assert.equal((await client.getSecret('db', { version })).value, 'v1');
  const [[row]] = await pages(client.listPropertiesOfSecrets());
  assert.equal(row.enabled, false);
  await client.updateSecretProperties('db', '', { enabled: true });
  assert.equal((await client.getSecret('db')).value, 'v2');
});

test('a backup brings every version back', async () => {
  const { client } = await makeVault();
  const versions = [];
  for (const value of ['v1', 'v2']) {
    versions.push((await client.setSecret('db', value, { tags: { of: value } })).properties.version);
  }
  const backup = await client.backupSecret('db');
  assert.ok(Buffer.isBuffer(backup));
  await refused(() => client.restoreSecretBackup(backup), 409, 'Conflict');
  await deleted(client, 'db');
  await refused(() => client.restoreSecretBackup(backup), 409, 'Conflict');
  await client.purgeDeletedSecret('db');

  const restored = await client.restoreSecretBackup(backup);
  assert.deepEqual([restored.name, restored.version, restored.tags], ['db', versions[1], { of: 'v2' }]);
  for (const [index, version] of versions.entries()) {
    assert.equal((await client.getSecret('db', { version })).value, `v${index + 1}`);
  }
});
