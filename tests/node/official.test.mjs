// libkv beside the official package, at the version that node/package.json pins.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';

import * as libkv from '../../node/index.mjs';
import callArguments from '../../node/lib/arguments.cjs';
import clientOptions from '../../node/lib/official_options.cjs';
import { compile } from './compile.mjs';
import { credential, facts, makeVault } from './vault.mjs';

const require = createRequire(new URL('../../node/package.json', import.meta.url));
const official = require('@azure/keyvault-secrets');

const operations = Object.getOwnPropertyNames(official.SecretClient.prototype).filter((name) => name !== 'constructor');

test('every export is there, and every operation', () => {
  assert.deepEqual(
    Object.keys(official).filter((name) => !(name in libkv)),
    [],
  );
  assert.deepEqual(
    operations.filter((name) => typeof libkv.SecretClient.prototype[name] !== 'function'),
    [],
  );
  assert.deepEqual(libkv.KnownContentType, official.KnownContentType);
  assert.deepEqual(libkv.KnownDeletionRecoveryLevel, official.KnownDeletionRecoveryLevel);
  assert.deepEqual(Object.keys(libkv.logger), Object.keys(official.logger));
  for (const code of ['REQUEST_SEND_ERROR', 'PARSE_ERROR'])
    assert.equal(libkv.RestError[code], official.RestError[code]);
});

const index = require.resolve('@azure/keyvault-secrets').replace(/\.js$/, '.d.ts');
const types = [...readFileSync(index, 'utf8').matchAll(/(?<=\btype )\w+(?=[,}\s]*[,}])/g)].map(([name]) => name);
const generics = {
  PagedAsyncIterableIterator: '<string, string[]>',
  PollerLike: '<official.PollOperationState<1>, 1>',
  PollOperationState: '<1>',
};

test('every type is there, takes what the official one takes and gives what it gives', () => {
  assert.ok(types.includes('SecretPollerOptions') && types.length > 20, types.join());
  const program = `
    import * as official from '@azure/keyvault-secrets';
    import * as libkv from 'libkv';
    import type { ${types.join(', ')} } from 'libkv';
    export type All = [${types.map((name) => name + (generics[name] ?? '')).join(', ')}];

    type Fits<Theirs, Ours> = Theirs extends (...given: infer A) => infer R
      ? Ours extends (...given: infer B) => infer S
        ? [A] extends [B] ? ([S] extends [R] ? true : ['gives', S]) : ['takes', B] : 'is no method'
      : Ours extends Theirs ? true : ['is', Ours];

    ${operations.map((name) => `true satisfies Fits<official.SecretClient['${name}'], libkv.SecretClient['${name}']>;`).join('\n')}
    true satisfies Fits<typeof official.parseKeyVaultSecretIdentifier, typeof libkv.parseKeyVaultSecretIdentifier>;
    true satisfies Fits<typeof official.isRestError, (error: unknown) => boolean>;
    declare const options: { [K in keyof official.SecretClientOptions]: official.SecretClientOptions[K] };
    declare const given: ConstructorParameters<typeof official.SecretClient>;
    new libkv.SecretClient(given[0], given[1], options).vaultUrl satisfies official.SecretClient['vaultUrl'];
    declare const error: libkv.KeyVaultError;
    error satisfies official.RestError;
    error.details?.error.innerError?.code satisfies string | undefined;
    libkv.KnownContentType.PFX satisfies official.ContentType;
    libkv.logger satisfies typeof official.logger;
  `;
  assert.equal(compile({ 'official.mts': program, 'official.cts': program }), '');
});

test('every option and field is there, or is refused with a reason', async () => {
  const refused = { ...clientOptions.NOT_TAKEN, ...callArguments.NOT_TAKEN };
  const parts = [
    ...types.map((name) => name + (generics[name] ?? '')),
    ...['requestOptions', 'tracingOptions'].map((part) => `GetSecretOptions['${part}']`),
    ...['retryOptions', 'proxyOptions'].map((part) => `SecretClientOptions['${part}']`),
    "DeletedSecret['properties']",
  ];
  const program = `
    import * as official from '@azure/keyvault-secrets';
    import * as libkv from 'libkv';

    type Refused = ${Object.keys(refused)
      .map((name) => `'${name}'`)
      .join(' | ')};
    type Lacks<Theirs, Ours> = Exclude<keyof NonNullable<Theirs>, keyof NonNullable<Ours> | Refused>;
    ${parts.map((part) => `[] as Lacks<official.${part}, libkv.${part}>[] satisfies never[];`).join('\n')}
  `;
  assert.equal(compile({ 'complete.mts': program }), '');
  const url = 'https://kv.vault.azure.net';
  const client = new libkv.SecretClient(url, credential);
  for (const name of Object.keys(clientOptions.NOT_TAKEN)) {
    const message = new RegExp(`^${name}: is not supported: \\w`);
    assert.throws(() => new libkv.SecretClient(url, credential, { [name]: {} }), { message });
  }
  for (const name of Object.keys(callArguments.NOT_TAKEN)) {
    const message = new RegExp(`^${name}: is not supported: \\w`);
    await assert.rejects(client.getSecret('db', { [name]: {} }), { message });
    await assert.rejects(client.getSecret('db', { requestOptions: { [name]: {} } }), { message });
  }
});

test('the samples of the official package compile with another import as they do with their own', () => {
  const texts = [readFileSync(path.join(index, '..', '..', '..', 'README.md'), 'utf8'), readFileSync(index, 'utf8')];
  const samples = texts.flatMap((text) =>
    [...text.matchAll(/```ts snippet[^\n]*\n(.*?)```/gs)].map(([, code]) => code),
  );
  assert.ok(samples.length > 20, `${samples.length} samples`);
  const complaints = ['@azure/keyvault-secrets', 'libkv'].map((name) => {
    // In the declarations, each line of a sample begins with an asterisk.
    const code = (sample) => sample.replace(/^ *\* ?/gm, '').replaceAll('@azure/keyvault-secrets', name);
    const programs = samples.map((sample, place) => [`sample${place}.mts`, `${code(sample)}\nexport {};\n`]);
    return compile(Object.fromEntries(programs), ['--module', 'nodenext'], ['typescript']).split('\n');
  });
  const [theirs, ours] = complaints;
  assert.deepEqual(
    ours.filter((line) => !theirs.includes(line)),
    [],
  );
});

/** Two clients of one vault: the official one and libkv's. */
async function bothClients(given) {
  const vault = await makeVault({ given });
  const credential = { getToken: async () => ({ token: facts.token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  // Not every resolver knows names below localhost.
  const lookup = (_name, { all }, answer) =>
    answer(null, ...(all ? [[{ address: '127.0.0.1', family: 4 }]] : ['127.0.0.1', 4]));
  const agent = new Agent({ lookup, ca: readFileSync(facts.ca_file) });
  return { ...vault, theirs: new official.SecretClient(vault.url, credential, { agent }), ours: vault.client };
}

/** Leaves out what libkv says where the official client says nothing. */
function withoutOwn(key, value) {
  const isOwn = key === 'stale' || (key === 'managed' && !value) || (key === 'tags' && Object.keys(value).length === 0);
  return isOwn ? undefined : value;
}

const asData = (result) => JSON.parse(JSON.stringify(result), withoutOwn);

async function all(list) {
  const items = [];
  for await (const item of list) items.push(item);
  return items;
}

test('results are the same', async () => {
  const secrets = [
    {
      name: 'db',
      versions: ['v1', 'v2'],
      tags: { a: 'b' },
      content_type: 'text/plain',
      not_before: 5,
      expires_on: 4e9,
    },
    { name: 'cert', value: 'pem', managed: true },
    { name: 'gone', state: 'deleted' },
  ];
  const { theirs, ours } = await bothClients({ secrets });
  const reads = [
    (client) => client.getSecret('db'),
    (client) => client.getSecret('cert'),
    (client) => client.getDeletedSecret('gone'),
    (client) => all(client.listPropertiesOfSecrets()),
    (client) => all(client.listPropertiesOfSecretVersions('db')),
    (client) => all(client.listDeletedSecrets()),
    (client) => client.updateSecretProperties('db', '', { contentType: 'text/html' }),
    async (client) => official.parseKeyVaultSecretIdentifier((await client.getSecret('db')).properties.id),
    async (client) => libkv.parseKeyVaultSecretIdentifier((await client.getSecret('db')).properties.id),
  ];
  for (const read of reads) {
    const [expected, result] = await Promise.all([theirs, ours].map(read));
    assert.deepEqual(asData(result), asData(expected), String(read));
  }
});

test('errors have the same shape', async () => {
  const secrets = [
    { name: 'db', value: 'v' },
    { name: 'off', value: 'v', enabled: false },
    { name: 'cert', value: 'v', managed: true },
    { name: 'gone', state: 'deleted' },
  ];
  const { theirs, ours, change } = await bothClients({ secrets });
  const fault = (name, rest) => ({ operation: 'get_secret', name, times: -1, ...rest });
  await change({
    faults: [
      fault('broken', { status: 501, body: { error: { code: 'No', message: 'no' } } }),
      fault('cut', { action: 'reset' }),
    ],
  });
  const calls = [
    (client) => client.getSecret('none'),
    (client) => client.getSecret('off'),
    (client) => client.setSecret('cert', 'v'),
    (client) => client.setSecret('gone', 'v'),
    (client) => client.restoreSecretBackup(Buffer.from('no backup')),
    (client) => client.getSecret('broken'),
  ];
  const shape = ({ name, code, statusCode, details }) => {
    const { code: serviceCode, innerError } = details?.error ?? {};
    return { name, code, statusCode, details: { serviceCode, innerError: innerError && { code: innerError.code } } };
  };
  for (const call of calls) {
    const [expected, error] = await Promise.all([theirs, ours].map((client) => call(client).catch((caught) => caught)));
    assert.deepEqual(shape(error), shape(expected), String(call));
    for (const { isRestError } of [official, libkv])
      assert.deepEqual([isRestError(error), isRestError(expected)], [true, true]);
    assert.ok(error instanceof libkv.RestError && error instanceof libkv.KeyVaultError);
  }
  const cut = await ours.getSecret('cut').catch((caught) => caught);
  assert.deepEqual([cut.name, cut.code, cut.details], ['RestError', libkv.RestError.REQUEST_SEND_ERROR, undefined]);
  assert.equal(libkv.isRestError(new TypeError('RestError')), false);
  const own = new libkv.RestError('made by a test', { statusCode: 404 });
  assert.deepEqual([own.name, own.statusCode, libkv.isRestError(own)], ['RestError', 404, true]);
});

test('a poller of either client goes on in the other', async () => {
  const { theirs, ours, change } = await bothClients({ secrets: [{ name: 'db', value: 'v' }], delete_delay_ms: -1 });
  const options = { intervalInMs: 10 };
  const begun = await theirs.beginDeleteSecret('db', options);
  const resumed = await ours.beginDeleteSecret('db', { ...options, resumeFrom: begun.toString() });
  const back = await theirs.beginDeleteSecret('db', { ...options, resumeFrom: resumed.toString() });
  await change({ delete_delay_ms: 0 });
  const [first, second] = await Promise.all([resumed.pollUntilDone(), back.pollUntilDone()]);
  assert.deepEqual([first.name, first.recoveryId], [second.name, second.recoveryId]);
});
