// Lists, page by page.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeVault, pages } from './vault.mjs';

const thirty = Array.from({ length: 30 }, (_, number) => `s${String(number).padStart(2, '0')}`);
const names = (read) => read.map((page) => page.map(({ name }) => name));

for (const [operation, state] of [
  ['listPropertiesOfSecrets', 'active'],
  ['listDeletedSecrets', 'deleted'],
]) {
  for (const [size, lengths] of [
    [undefined, [25, 5]],
    [25, [25, 5]],
    [7, [7, 7, 7, 7, 2]],
    [1, Array(30).fill(1)],
  ]) {
    test(`${operation} gives thirty secrets in pages of ${size ?? 'any size'}`, async () => {
      const { client } = await makeVault({ secrets: thirty.map((name) => ({ name, state })) });
      const read = names(await pages(client[operation](), size));
      assert.deepEqual(
        read.map(({ length }) => length),
        lengths,
      );
      assert.deepEqual(read.flat(), thirty);
    });
  }
}

test('versions come in pages', async () => {
  const { client } = await makeVault({ secrets: [{ name: 'db', versions: Array(9).fill('v') }] });
  const read = await pages(client.listPropertiesOfSecretVersions('db'), 4);
  assert.deepEqual(
    read.map(({ length }) => length),
    [4, 4, 1],
  );
  const versions = read.flat().map(({ version }) => version);
  assert.deepEqual(versions, versions.toSorted());
  assert.deepEqual(await pages(client.listPropertiesOfSecretVersions('none')), [[]]);
});

test('an empty page can have a next one', async () => {
  const gone = ['a', 'b'].map((name) => ({ name, state: 'deleted' }));
  const { client } = await makeVault({ secrets: [...gone, { name: 'c' }] });
  assert.deepEqual(names(await pages(client.listPropertiesOfSecrets(), 2)), [[], ['c']]);
});

test('a row has the properties of the newest version', async () => {
  const { client, url } = await makeVault();
  await client.setSecret('db', 'v1');
  await client.setSecret('db', 'v2', { contentType: 'text/plain', tags: { a: 'b' } });
  const [[row]] = await pages(client.listPropertiesOfSecrets());
  assert.deepEqual([row.id, row.version], [`${url}/secrets/db`, undefined]);
  assert.deepEqual([row.contentType, row.tags, row.enabled], ['text/plain', { a: 'b' }, true]);
});
