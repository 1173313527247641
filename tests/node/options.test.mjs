import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
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

test('options of the official client are taken for libkv’s own', async () => {
  const { client } = await makeVault();
  // A value out of range is refused under the name of the option that it was taken for.
  const taken = [
    [{ serviceVersion: '' }, 'api_version'],
    [{ allowInsecureConnection: 'x' }, 'allow_http'],
    [{ retryOptions: { maxRetries: 100 } }, 'retry.max_attempts'],
    [{ retryOptions: { retryDelayInMs: -1 } }, 'retry.base_delay_ms'],
    [{ retryOptions: { maxRetryDelayInMs: -1 } }, 'retry.max_delay_ms'],
    [{ proxyOptions: { host: 'ftp://proxy', port: 1 } }, 'proxy'],
  ];
  for (const [options, key] of taken) {
    assert.throws(() => new SecretClient(client.vaultUrl, credential, options), refused(key, 'must '), key);
  }
  const options = { retryOptions: { maxRetries: 0 }, disableChallengeResourceVerification: false };
  new SecretClient(client.vaultUrl, credential, { ...options, serviceVersion: '7.6', allowInsecureConnection: false });
});

test('requests are tried again as often as retryOptions say', async () => {
  const fault = { operation: 'get_secret', times: -1, status: 500 };
  const options = { retry: undefined, retryOptions: { maxRetries: 2, retryDelayInMs: 1 } };
  const { client, requests } = await makeVault({ given: { faults: [fault] }, options });
  await assert.rejects(client.getSecret('db'), { statusCode: 500, attempts: 3 });
  assert.equal((await requests()).counts.get_secret, 3);
});

test('proxyOptions lead through the proxy that they name', async (t) => {
  const asked = [];
  const proxy = createServer().on('connect', ({ url, headers }, socket) => {
    asked.push([url, headers['proxy-authorization']]);
    socket.end('HTTP/1.1 502 no\r\n\r\n');
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => proxy.close());
  const proxyOptions = { host: 'http://127.0.0.1', port: proxy.address().port, username: 'me', password: 'p@:ss' };
  const client = new SecretClient(url, credential, { proxyOptions, retryOptions: { maxRetries: 0 } });
  await assert.rejects(client.getSecret('db'), (error) => error.kind === 'network' && !error.message.includes('p@'));
  assert.deepEqual(asked, [['kv.vault.azure.net:443', `Basic ${btoa('me:p@:ss')}`]]);
});

test('what the official client’s pipeline has and libkv has not is refused with the reason', () => {
  const wrong = [
    [{ agent: {} }, refused('agent', 'is not supported: connections are made outside Node')],
    [{ httpClient: {} }, refused('httpClient', 'is not supported')],
    [{ additionalPolicies: [] }, refused('additionalPolicies', 'is not supported')],
    [{ tlsOptions: {} }, refused('tlsOptions', 'is not supported: trust another authority with caFile')],
    [{ keepAliveOptions: {} }, refused('keepAliveOptions', 'is not supported')],
    [{ redirectOptions: {} }, refused('redirectOptions', 'is not supported: redirects are never followed')],
    [{ userAgentOptions: {} }, refused('userAgentOptions', 'is not supported')],
    [{ telemetryOptions: {} }, refused('telemetryOptions', 'is not supported')],
    [{ loggingOptions: {} }, refused('loggingOptions', 'is not supported')],
    [{ retryOptions: 3 }, refused('retryOptions', 'must be a plain object, got a number')],
    [{ retryOptions: { retries: 3 } }, refused('retryOptions.retries', 'is not an option; the options are maxRetries')],
    [{ proxyOptions: { host: 'proxy', port: 1 } }, refused('proxyOptions', 'must have the URL of a proxy as its host')],
    [{ proxyOptions: { host: 'http://proxy' } }, refused('proxyOptions', '.* and a port')],
    [{ proxyOptions: null }, refused('proxyOptions', 'must have')],
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
