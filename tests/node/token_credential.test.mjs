import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SecretClient } from '../../node/index.mjs';
import { makeVault } from './vault.mjs';

const HOUR = 3_600_000;

/** A vault, and a client of it that has its tokens from `getToken`, which is given one that is good besides its arguments. */
async function makeClient(getToken, { faults = [], options = {} } = {}) {
  const vault = await makeVault({ given: { secrets: [{ name: 'db', value: 'v1' }], faults } });
  const good = () => ({ token: vault.token, expiresOnTimestamp: Date.now() + HOUR });
  const credential = { getToken: (...args) => getToken(good(), ...args) };
  return { ...vault, client: new SecretClient(vault.url, credential, { ...vault.options, ...options }) };
}

const failure = (promise) => promise.then(assert.fail, (error) => error);

test('twenty cold callers ask the credential and the vault once', async () => {
  const asked = [];
  const { client, requests, tenant } = await makeClient(async (good, ...args) => {
    asked.push(args);
    return good;
  });
  const secrets = await Promise.all(Array.from({ length: 20 }, () => client.getSecret('db')));
  assert.ok(secrets.every(({ value }) => value === 'v1'));
  const [[[scope, ...scopes], { abortSignal, ...options }], ...others] = asked;
  assert.match(scope, /^https:\/\/localhost(:\d+)?\/\.default$/);
  assert.deepEqual([scopes, options], [[], { tenantId: tenant, enableCae: true }]);
  assert.ok(abortSignal instanceof AbortSignal && !abortSignal.aborted);
  assert.equal(others.length, 0);
  assert.equal((await requests()).counts.probe, 1);
});

test('claims that the vault asks for reach the credential', async () => {
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}';
  const where = 'authorization="https://login.example/other", resource="https://localhost"';
  const challenge = `Bearer ${where}, error="insufficient_claims", claims="${btoa(claims)}"`;
  const revoked = { operation: 'get_secret', status: 401, headers: { 'WWW-Authenticate': challenge } };
  const asked = [];
  const getToken = async (good, _scopes, { tenantId, claims }) => {
    asked.push([tenantId, claims]);
    return claims ? { ...good, token: await anotherToken() } : good;
  };
  const { anotherToken, client, tenant } = await makeClient(getToken, { faults: [revoked] });
  assert.equal((await client.getSecret('db')).value, 'v1');
  assert.deepEqual(asked, [
    [tenant, undefined],
    ['other', claims],
  ]);
});

test('what the credential throws is the cause, and its text in the message', async () => {
  const refused = new RangeError('no such user');
  const nameless = Object.assign(Object.create(null), { hunter2: 'hunter2' });
  const thrown = [
    [refused, 'RangeError: no such user'],
    ['hunter2', 'it threw a string'],
    [undefined, 'it threw undefined'],
    [Symbol('hunter2'), 'it threw a symbol'],
    [nameless, 'it threw an object'],
  ];
  for (const [cause, text] of thrown) {
    for (const getToken of [() => Promise.reject(cause), () => throwIt(cause)]) {
      const { client } = await makeClient(getToken);
      const error = await failure(client.getSecret('db'));
      assert.deepEqual([error.kind, error.message], ['authentication', `the credential failed: ${text}`]);
      assert.ok('cause' in error && Object.is(error.cause, cause));
    }
  }
});

function throwIt(value) {
  throw value;
}

test('callers that share a failure share its cause', async () => {
  const cause = new Error('no');
  const { client } = await makeClient(() => Promise.reject(cause), { options: { cache: { ttlMs: 1000 } } });
  const errors = await Promise.all(Array.from({ length: 5 }, () => failure(client.getSecret('db'))));
  for await (const { error } of client.getSecrets({ names: ['db'] })) errors.push(error);
  assert.equal(errors.length, 6);
  assert.ok(errors.every((error) => error.cause === cause));
});

test('what is not a token is refused by its name, and not shown', async () => {
  const good = { token: 'hunter2', expiresOnTimestamp: Date.now() + HOUR };
  const wrong = [
    [null, "what the credential's getToken gave: must be an object with a token, got null"],
    ['hunter2', "what the credential's getToken gave: must be an object with a token, got a string"],
    [{ ...good, token: '' }, "the credential's token: must be a string that is not empty, got a string"],
    [{ ...good, token: 5 }, "the credential's token: must be a string that is not empty, got a number"],
    [
      { token: 'hunter2' },
      "the credential's expiresOnTimestamp: must be a number of milliseconds since 1970, got undefined",
    ],
    [{ ...good, expiresOnTimestamp: new Date() }, "the credential's expiresOnTimestamp: must be .*, got a Date"],
    [{ ...good, refreshAfterTimestamp: NaN }, "the credential's refreshAfterTimestamp: must be .*, got NaN"],
    [{ ...good, token: 'hunter2\n' }, 'the credential gave a token with illegal characters'],
  ];
  for (const [given, message] of wrong) {
    const { client } = await makeClient(() => given);
    const error = await failure(client.getSecret('db'));
    assert.equal(error.kind, 'authentication');
    assert.match(error.message, new RegExp(`^${message}$`));
    assert.equal('cause' in error, false);
  }
});

test('calls give up a credential that does not answer, and those after them wait for the same token', async () => {
  let asked = 0;
  let answer;
  const { client } = await makeClient((good) => {
    asked += 1;
    return new Promise((resolve) => {
      answer = () => resolve(good);
    });
  });
  await assert.rejects(client.getSecret('db', { timeout: 50 }), { kind: 'timeout' });
  const controller = new AbortController();
  const aborted = client.getSecret('db', { abortSignal: controller.signal });
  setImmediate(() => controller.abort());
  await assert.rejects(aborted, { name: 'AbortError' });
  const results = client.getSecrets({ names: ['db'] });
  const step = results.next();
  await results.return();
  assert.equal((await step).done, true);
  const call = client.getSecret('db');
  while (answer === undefined) await new Promise(setImmediate);
  answer();
  assert.equal((await call).value, 'v1');
  assert.equal(asked, 1);
});

test('the signal of a fetch that has ended does not abort', async () => {
  let signal;
  const { client } = await makeClient(async (good, _scopes, { abortSignal }) => {
    signal = abortSignal;
    return good;
  });
  await client.getSecret('db');
  await client.getSecret('db');
  assert.equal(signal.aborted, false);
});

test('a token is replaced in the background, which no call waits for', async () => {
  let asked = 0;
  const { client } = await makeClient((good) => {
    asked += 1;
    return asked === 1 ? { ...good, refreshAfterTimestamp: Date.now() - 1000 } : new Promise(() => {});
  });
  for (let reads = 0; reads < 1000 && asked < 2; reads++) assert.equal((await client.getSecret('db')).value, 'v1');
  assert.equal((await client.getSecret('db')).value, 'v1');
  assert.equal(asked, 2);
});

test('a token that has expired is fetched again', async () => {
  let asked = 0;
  const { client } = await makeClient((good) => {
    asked += 1;
    return { ...good, expiresOnTimestamp: Date.now() - 1000 };
  });
  await client.getSecret('db');
  await client.getSecret('db');
  assert.ok(asked >= 2, `asked ${asked} times`);
});

test('a credential may itself use a client', async () => {
  const { client: inner, token } = await makeVault();
  await inner.setSecret('token', token);
  const { client } = await makeClient(async (good) => ({ ...good, token: (await inner.getSecret('token')).value }));
  assert.equal((await client.getSecret('db')).value, 'v1');
});
