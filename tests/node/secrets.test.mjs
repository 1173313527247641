import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, inspect } from 'node:util';

import { ClientSecretCredential, StaticTokenCredential } from '../../node/index.mjs';
import { makeVault } from './vault.mjs';

test('a secret is a plain object with the official fields', async () => {
  const { client } = await makeVault();
  const given = {
    contentType: 'text/plain',
    tags: { stage: 'prod', ümlaut: '値' },
    enabled: true,
    notBefore: new Date('2024-01-01T00:00:00.900Z'),
    expiresOn: new Date('2030-01-01T00:00:00Z'),
  };
  const secret = await client.setSecret('db', 'naïve 🔑\0', given);
  assert.deepEqual(Object.keys(secret), ['name', 'value', 'properties', 'stale']);
  assert.equal(Object.getPrototypeOf(secret), Object.prototype);
  assert.equal(secret.value, 'naïve 🔑\0');
  assert.equal(secret.stale, false);
  const { version, id, createdOn, updatedOn, ...properties } = secret.properties;
  assert.deepEqual(properties, {
    ...given,
    notBefore: new Date('2024-01-01T00:00:00Z'),
    vaultUrl: client.vaultUrl,
    name: 'db',
    recoverableDays: 90,
    recoveryLevel: 'Recoverable+Purgeable',
    managed: false,
  });
  assert.equal(id, `${client.vaultUrl}/secrets/db/${version}`);
  assert.ok(Math.abs(createdOn - Date.now()) < 60_000 && updatedOn >= createdOn);
  assert.deepEqual(await client.getSecret('db'), secret);
});

test('a secret that is read has the properties that lists have', async () => {
  const { client } = await makeVault({ given: { secrets: [{ name: 'cert', value: 'x', managed: true }] } });
  const { certificateKeyId, ...properties } = (await client.getSecret('cert')).properties;
  const { value: listed } = await client.listPropertiesOfSecretVersions('cert').next();
  assert.deepEqual(properties, listed);
  assert.equal(properties.managed, true);
  assert.equal(certificateKeyId, properties.id.replace('/secrets/', '/keys/'));
});

test('printing a secret does not show its value', async () => {
  const { client } = await makeVault();
  const secret = await client.setSecret('db', 'hunter2');
  for (const printed of [inspect(secret), format('%o %O', secret, secret), inspect({ deep: [secret] }, { depth: 9 })]) {
    assert.ok(!printed.includes('hunter2'), printed);
    assert.ok(printed.includes('[redacted]') && printed.includes(secret.properties.version), printed);
  }
  assert.ok(JSON.stringify(secret).includes('hunter2'), 'the value is a plain property');
});

test('printing a credential or a client does not show its secret', async () => {
  const { client, token } = await makeVault();
  const application = new ClientSecretCredential('tenant', 'app', 'hunter2');
  for (const holder of [client, new StaticTokenCredential(token), application]) {
    const printed = inspect(holder, { showHidden: true, depth: 9 }) + JSON.stringify(holder);
    assert.ok(!printed.includes(token) && !printed.includes('hunter2'), printed);
  }
});

test('a backup is bytes and comes back', async () => {
  const { client } = await makeVault();
  await client.setSecret('db', 'v1');
  const backup = await client.backupSecret('db');
  assert.ok(backup instanceof Uint8Array && backup.length > 0);
  await (await client.beginDeleteSecret('db')).pollUntilDone();
  assert.equal(await client.purgeDeletedSecret('db'), undefined);
  assert.equal((await client.restoreSecretBackup(Buffer.from(backup))).name, 'db');
  assert.equal((await client.getSecret('db')).value, 'v1');
});

test('a secret that may be missing is a secret or undefined', async () => {
  const { client } = await makeVault();
  const secret = await client.setSecret('db', 'hunter2');
  const found = await client.tryGetSecret('db', { version: secret.properties.version });
  assert.deepEqual(found, secret);
  assert.ok(!inspect(found).includes('hunter2'));
  assert.equal(await client.tryGetSecret('none'), undefined);
});

test('versions are plain objects in a plain array', async () => {
  const { client } = await makeVault({ given: { secrets: [{ name: 'db', versions: ['v1', 'v2'] }] } });
  const [newest, oldest] = await client.getSecretHistory('db');
  const { properties } = await client.getSecret('db');
  assert.deepEqual(newest, { name: 'db', version: properties.version, current: true, properties });
  assert.deepEqual([oldest.current, oldest.version], [false, oldest.properties.version]);
  assert.equal((await client.rollbackSecret('db', oldest.version)).value, 'v1');
  const disabled = await client.pruneSecretVersions('db', 1);
  assert.deepEqual(
    disabled.map(({ name, enabled }) => [name, enabled]),
    Array(2).fill(['db', false]),
  );
});

test('an update changes the version it names, the newest for an empty one', async () => {
  const { client } = await makeVault();
  const old = await client.setSecret('db', 'v1', { tags: { a: '1' } });
  const current = await client.setSecret('db', 'v2');
  await client.updateSecretProperties('db', old.properties.version, { contentType: 'old' });
  const updated = await client.updateSecretProperties('db', '', { tags: {}, enabled: true });
  assert.equal(updated.version, current.properties.version);
  const { value, properties } = await client.getSecret('db', { version: old.properties.version });
  assert.deepEqual([value, properties.contentType, properties.tags], ['v1', 'old', { a: '1' }]);
});
