import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SecretClient } from '../../node/index.mjs';
import { credential, makeVault } from './vault.mjs';

const url = 'https://kv.vault.azure.net';
const refused = (key, rule) => ({ name: 'InvalidConfigError', message: new RegExp(`^${key}: ${rule}`) });

test('options are nested or flat, in either case', async () => {
  const { client } = await makeVault();
  const spellings = [
    { retry: { maxAttempts: 0 } },
    { retry: { max_attempts: '0' } },
    { 'retry.maxAttempts': 0 },
    { 'retry.max_attempts': 0 },
    { retry_max_attempts: 0 },
    { retryMaxAttempts: 0 },
  ];
  for (const options of spellings) {
    const make = () => new SecretClient(client.vaultUrl, credential, options);
    assert.throws(make, refused('retry.max_attempts', 'must be a whole number from 1 to 100'), JSON.stringify(options));
  }
});

test('an option that is not one is refused and named', () => {
  const wrong = [
    [{ maxRetries: 3 }, refused('max_retries', 'is not an option')],
    [{ retry: { maxTries: 3 } }, refused('retry.max_tries', 'is not an option')],
    [{ retry: null }, refused('retry', 'must be a string, a number or a boolean, got null')],
    [{ timeoutMs: [1] }, refused('timeout_ms', 'must be .* got an array')],
    [{ timeoutMs: () => 1 }, refused('timeout_ms', 'must be .* got a function')],
    [null, refused('options', 'must be a plain object')],
    ['timeoutMs', refused('options', 'must be a plain object')],
  ];
  for (const [options, expected] of wrong) {
    assert.throws(() => new SecretClient(url, credential, options), expected);
  }
});

test('what Node trusts is trusted, unless an option names another file', (t) => {
  t.after(() => delete process.env.NODE_EXTRA_CA_CERTS);
  process.env.NODE_EXTRA_CA_CERTS = '/nonexistent/node.pem';
  const make = (options) => new SecretClient(url, credential, options);
  assert.throws(() => make({}), refused('ca_file', '/nonexistent/node.pem'));
  assert.throws(() => make({ caFile: '/nonexistent/own.pem' }), refused('ca_file', '/nonexistent/own.pem'));
  process.env.NODE_EXTRA_CA_CERTS = '';
  make({});
});

test('a closed client refuses calls', async () => {
  const { client } = await makeVault();
  client.close();
  client.close();
  await assert.rejects(client.getSecret('db'), { name: 'InvalidStateError', message: 'the client is closed' });
  assert.ok(client.vaultUrl);
  const { client: disposed } = await makeVault();
  await disposed[Symbol.asyncDispose]();
  await assert.rejects(disposed.getSecret('db'), { name: 'InvalidStateError' });
});
