import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SecretClient } from '../../node/index.mjs';
import { credential, makeVault } from './vault.mjs';

const names = (items) => items.map(({ name }) => name);
const letters = [...'abcdefg'];
const given = { secrets: letters.map((name) => ({ name, value: name })) };

test('a list gives item after item over all pages', async () => {
  const { client } = await makeVault({ given });
  const seen = [];
  for await (const properties of client.listPropertiesOfSecrets({ maxPageSize: 2 })) {
    assert.equal('value' in properties, false);
    seen.push(properties.name);
  }
  assert.deepEqual(seen, letters);
});

test('pages carry a token from which another client goes on', async () => {
  const { client, url, options } = await makeVault({ given });
  const pages = client.listPropertiesOfSecrets().byPage({ maxPageSize: 3 });
  const { value: page } = await pages.next();
  assert.deepEqual([Array.isArray(page), names(page)], [true, ['a', 'b', 'c']]);

  const other = new SecretClient(url, credential, options);
  const rest = [];
  const { continuationToken } = page;
  for await (const next of other.listPropertiesOfSecrets().byPage({ continuationToken })) rest.push(next);
  assert.deepEqual(rest.map(names), [['d', 'e', 'f'], ['g']]);
  assert.equal('continuationToken' in rest.at(-1), false);
});

test('leaving a list early reads no further page', async () => {
  const vault = await makeVault({ given });
  for await (const _ of vault.client.listPropertiesOfSecrets({ maxPageSize: 2 })) break;
  assert.equal((await vault.requests()).counts.list_properties_of_secrets, 1);
});

test('a failed page rejects and the list ends', async () => {
  const fault = { operation: 'list_properties_of_secrets', skip: 1, status: 403, times: -1 };
  const { client } = await makeVault({ given: { ...given, faults: [fault] } });
  const list = client.listPropertiesOfSecrets({ maxPageSize: 6 });
  const seen = [];
  const drain = async () => {
    for await (const { name } of list) seen.push(name);
  };
  await assert.rejects(drain(), { kind: 'forbidden' });
  assert.equal(seen.length, 6);
  assert.deepEqual(await list.next(), { done: true, value: undefined });
});

test('versions and deleted secrets are lists, too', async () => {
  const versions = { name: 'db', versions: ['v1', 'v2', 'v3'] };
  const { client } = await makeVault({ given: { secrets: [versions, { name: 'gone', state: 'deleted' }] } });
  const listed = await collect(client.listPropertiesOfSecretVersions('db'));
  assert.equal(new Set(listed.map(({ version }) => version)).size, 3);
  const [deleted] = await collect(client.listDeletedSecrets());
  assert.deepEqual([deleted.name, deleted.properties.name], ['gone', 'gone']);
  assert.ok(deleted.deletedOn instanceof Date && deleted.scheduledPurgeDate > deleted.deletedOn);
  assert.match(deleted.recoveryId, /\/deletedsecrets\/gone$/);
});

async function collect(list) {
  const items = [];
  for await (const item of list) items.push(item);
  return items;
}
