import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseKeyVaultSecretIdentifier, SecretClient, StaticTokenCredential } from '../../node/index.mjs';
import { credential, makeVault } from './vault.mjs';

const invalid = (name, rule) => ({
  name: 'InvalidArgumentError',
  kind: 'invalid_argument',
  message: new RegExp(`^${name}: .*${rule}`),
});

const first = (list) => list.next();

/** What breaks which rule, for every operation that takes the argument. */
const wrongCalls = [
  ...[undefined, null, 5, {}, ['db'], Symbol('db'), new String('db')].flatMap((name) =>
    [
      (client) => client.setSecret(name, 'x'),
      (client) => client.getSecret(name),
      (client) => client.tryGetSecret(name),
      (client) => client.getSecretHistory(name),
      (client) => client.rollbackSecret(name, '0'),
      (client) => client.pruneSecretVersions(name, 1),
      (client) => client.updateSecretProperties(name, ''),
      (client) => first(client.listPropertiesOfSecretVersions(name)),
      (client) => client.beginDeleteSecret(name),
      (client) => client.getDeletedSecret(name),
      (client) => client.beginRecoverDeletedSecret(name),
      (client) => client.purgeDeletedSecret(name),
      (client) => client.backupSecret(name),
    ].map((call) => [call, 'name', 'must be a string']),
  ),
  ...[null, 5, Buffer.from('x'), undefined, '\ud800'].map((value) => [
    (client) => client.setSecret('db', value),
    'value',
    'must be a string of well-formed Unicode',
  ]),
  ...[undefined, 1, null].flatMap((version) =>
    [(client) => client.updateSecretProperties('db', version), (client) => client.rollbackSecret('db', version)].map(
      (call) => [call, 'version', 'must be a string'],
    ),
  ),
  [(client) => client.rollbackSecret('db', ''), 'version', 'must not be empty'],
  ...[undefined, '1', -1, 0.5].map((keep) => [
    (client) => client.pruneSecretVersions('db', keep),
    'keep',
    'must be a whole number',
  ]),
  [(client) => client.pruneSecretVersions('db', 0), 'keep', 'must be at least 1'],
  ...[undefined, null, 'db', ['db'], { db: 1 }, new Map([['db', 1]]), new Map([[1, 'x']]), new Set(['db'])].map(
    (values) => [
      (client) => first(client.setSecrets(values)),
      'values',
      'must be a plain object or a Map whose names and values are strings',
    ],
  ),
  [(client) => first(client.setSecrets({ db: '1', DB: '2' })), 'values', 'is given twice'],
  ...['db', { 0: 'db' }, ['db', 5], Array(1), new Set(['db'])].map((names) => [
    (client) => first(client.getSecrets({ names })),
    'names',
    'must be an array of strings',
  ]),
  ...[
    [{ names: ['db'], prefix: 'd' }, 'names', 'cannot be combined'],
    [{ prefix: 5 }, 'prefix', 'must be a string'],
    [{ tags: ['a'] }, 'tags', 'whose values are strings'],
    [{ concurrency: '5' }, 'concurrency', 'must be a whole number'],
    [{ concurrency: 257 }, 'concurrency', 'must be from 1 to 256'],
    [{ onProgress: true }, 'onProgress', 'must be a function'],
    [{ ifAbsent: true }, 'ifAbsent', 'is not an option of this call'],
  ].map(([options, ...rule]) => [(client) => first(client.getSecrets(options)), ...rule]),
  [(client) => client.purgeDeletedSecret('db', { wait: 1 }), 'wait', 'must be true or false'],
  ...[undefined, 'blob', [1, 2], new ArrayBuffer(2)].map((backup) => [
    (client) => client.restoreSecretBackup(backup),
    'backup',
    'must be a Uint8Array',
  ]),
  ...[null, 5, 'options', [], new Date(), new Map()].map((options) => [
    (client) => client.getSecret('db', options),
    'options',
    'must be a plain object',
  ]),
  ...[
    [{ contentType: 5 }, 'contentType', 'must be a string'],
    [{ enabled: 'yes' }, 'enabled', 'must be true or false'],
    [{ tags: ['a'] }, 'tags', 'whose values are strings'],
    [{ tags: { a: 1 } }, 'tags', 'whose values are strings'],
    [{ tags: new Map([['a', 'b']]) }, 'tags', 'must be a plain object'],
    [{ notBefore: 1700000000 }, 'notBefore', 'must be a valid Date'],
    [{ expiresOn: new Date(NaN) }, 'expiresOn', 'must be a valid Date, got an invalid Date'],
    [{ onConflict: true }, 'onConflict', 'must be a string'],
    [{ onConflict: null }, 'onConflict', 'must be a string'],
    [{ onConflict: 'overwrite' }, 'on_conflict', 'must be one of fail, recover, purge'],
    [{ ifChanged: 'yes' }, 'ifChanged', 'must be true or false'],
    [{ ifAbsent: 1 }, 'ifAbsent', 'must be true or false'],
    [{ timeout: '1000' }, 'timeout', 'number of milliseconds'],
    [{ timeout: 0 }, 'timeout', 'greater than 0'],
    [{ timeout: NaN }, 'timeout', 'got NaN'],
    [{ abortSignal: 'stop' }, 'abortSignal', 'must be an AbortSignal'],
    [{ content_type: 'text/plain' }, 'content_type', 'is not an option of this call; the options are .*contentType'],
    [{ requestOptions: 5 }, 'requestOptions', 'must be a plain object'],
    [{ requestOptions: { timeout: 0 } }, 'timeout', 'greater than 0'],
    [{ requestOptions: { headers: {} } }, 'headers', 'is not supported: requests carry'],
    [{ onResponse() {} }, 'onResponse', 'is not supported: answers are not handed out'],
    [{ tracingOptions: { tracingContext: 'root' } }, 'tracingContext', 'must be a context of OpenTelemetry'],
  ].map(([options, ...rule]) => [(client) => client.setSecret('db', 'x', options), ...rule]),
  [
    (client) => client.updateSecretProperties('db', '', { onConflict: 'recover' }),
    'onConflict',
    'is not an option of this call',
  ],
  [(client) => client.getSecret('db', { version: 7 }), 'version', 'must be a string'],
  [
    (client) => client.getSecret('db', { outContentType: 'application/x-pem-file' }),
    'outContentType',
    'is not supported',
  ],
  ...[
    [{ intervalInMs: 0 }, 'intervalInMs', 'greater than 0'],
    [{ intervalInMs: 3_600_001 }, 'polling_interval', 'must be from 1 ms to 1 h'],
    [{ resumeFrom: {} }, 'resumeFrom', 'must be a string'],
    [{ resumeFrom: 'db' }, 'continuation_token', 'must be what a poller gave'],
    [{ resumeFrom: '{"state":{"name":"other"}}' }, 'continuation_token', 'must come from a poller of the same secret'],
  ].flatMap(([options, ...rule]) => [
    [(client) => client.beginDeleteSecret('db', options), ...rule],
    [(client) => client.beginRecoverDeletedSecret('db', options), ...rule],
  ]),
  ...[-1, 1.5, '10', 2 ** 32, NaN].map((maxPageSize) => [
    (client) => first(client.listPropertiesOfSecrets({ maxPageSize })),
    'maxPageSize',
    'must be a whole number',
  ]),
  [
    (client) => first(client.listDeletedSecrets().byPage({ continuationToken: 5 })),
    'continuationToken',
    'must be a string',
  ],
];

test('a wrong argument rejects with the name and the rule, and sends nothing', async () => {
  const vault = await makeVault();
  for (const [call, name, rule] of wrongCalls) {
    const promise = call(vault.client);
    assert.ok(promise instanceof Promise, `${call} must not throw by itself`);
    await assert.rejects(promise, invalid(name, rule), String(call));
  }
  assert.equal((await vault.requests()).requests.length, 0);
});

test('a wrong argument is not quoted', async () => {
  const { client } = await makeVault();
  await assert.rejects(client.setSecret('db', 4711), (error) => !error.message.includes('4711'));
  await assert.rejects(client.setSecret('db', { hunter2: 'hunter2' }), (error) => !error.message.includes('hunter2'));
});

test('options that are undefined are as good as absent', async () => {
  const { client } = await makeVault();
  const options = {
    contentType: undefined,
    tags: undefined,
    onConflict: undefined,
    timeout: undefined,
    abortSignal: undefined,
  };
  await client.setSecret('db', 'x', options);
  assert.equal((await client.getSecret('db', { version: undefined })).value, 'x');
});

test('constructors throw', () => {
  const url = 'https://kv.vault.azure.net';
  for (const wrong of [undefined, null, 5, new URL(url)]) {
    assert.throws(() => new SecretClient(wrong, credential), invalid('vaultUrl', 'must be a string'));
  }
  for (const wrong of [null, 'token', {}, { getToken: 'token' }, StaticTokenCredential]) {
    const expected = invalid('credential', "must be one of libkv's credentials or an object with a method getToken");
    assert.throws(() => new SecretClient(url, wrong), expected);
  }
});

test('an identifier comes apart', () => {
  const id = 'https://kv.vault.azure.net/secrets/db/0123';
  const parts = { sourceId: id, vaultUrl: 'https://kv.vault.azure.net', name: 'db', version: '0123' };
  assert.deepEqual(parseKeyVaultSecretIdentifier(id), parts);
  assert.equal(parseKeyVaultSecretIdentifier('https://kv.vault.azure.net/secrets/db').version, undefined);
  for (const wrong of [undefined, 5, '', 'db', 'https://kv.vault.azure.net/keys/db']) {
    assert.throws(() => parseKeyVaultSecretIdentifier(wrong), invalid('id', 'must'));
  }
});
