import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { inspect } from 'node:util';

import { KeyVaultError } from '../../node/index.mjs';
import { makeVault } from './vault.mjs';

const letters = [...'abcdefg'];
const secrets = letters.map((name) => ({ name, value: `value of ${name}` }));
const never = { operation: 'get_secret', name: 'b', times: -1, delay_ms: 60_000 };
const end = { done: true, value: undefined };

async function collect(results) {
  const seen = [];
  for await (const result of results) seen.push(result);
  return seen;
}

test('a result is a plain object with a secret or an error', async () => {
  const { client } = await makeVault({ given: { secrets } });
  const [found, failed] = await collect(client.getSecrets({ names: ['a', 'none'] }));
  assert.deepEqual(found, { name: 'a', secret: await client.getSecret('a') });
  assert.deepEqual(Object.keys(failed), ['name', 'error']);
  assert.ok(failed.error instanceof KeyVaultError);
  assert.deepEqual([failed.name, failed.error.kind, failed.error.status], ['none', 'not_found', 404]);
});

test('printing results does not show a value', async () => {
  const { client } = await makeVault({ given: { secrets } });
  const iterator = client.getSecrets();
  const printed = inspect([await iterator.next(), await collect(iterator), iterator], { depth: 9, showHidden: true });
  assert.ok(printed.includes('[redacted]') && !printed.includes('value of'), printed);
});

test('values are those of a plain object or a Map, in its order', async () => {
  const { client } = await makeVault();
  const values = { zulu: '1', alpha: '2', mike: '' };
  for (const given of [values, new Map(Object.entries(values))]) {
    const results = await collect(client.setSecrets(given, { contentType: 'text/plain' }));
    const written = results.map(({ secret }) => [secret.name, secret.value]);
    assert.deepEqual(written, Object.entries(values));
    assert.ok(results.every(({ secret }) => secret.properties.contentType === 'text/plain'));
  }
});

test('steps that are not waited for are served in order', async () => {
  const slow = { operation: 'get_secret', name: 'a', delay_ms: 50 };
  const { client } = await makeVault({ given: { secrets, faults: [slow] } });
  const results = client.getSecrets({ names: letters });
  const steps = await Promise.all([...letters, 'end', 'end'].map(() => results.next()));
  assert.deepEqual(
    steps.map(({ value }) => value?.name),
    [...letters, undefined, undefined],
  );
  assert.deepEqual(steps.at(-1), end);
});

test('nothing is sent before the first step, nor after the results are left', async () => {
  const vault = await makeVault({ given: { secrets } });
  const results = vault.client.getSecrets();
  assert.deepEqual(await results.return('left'), { done: true, value: 'left' });
  assert.deepEqual(await results.next(), end);
  assert.equal((await vault.requests()).requests.length, 0);
});

test('leaving the loop cancels what is under way', async () => {
  const down = ['x', 'y', 'z'].map((name) => ({ operation: 'get_secret', name, times: -1, status: 503 }));
  const options = { retry: { maxAttempts: 100, baseDelayMs: 10, maxDelayMs: 10 } };
  const { client } = await makeVault({ given: { secrets, faults: down }, options });
  for await (const _ of client.getSecrets({ names: ['a', 'x', 'y', 'z'] })) break;
  const before = client.stats().requests;
  for (let reads = 0; reads < 50; reads++) await client.getSecret('a');
  assert.equal(client.stats().requests - before, 50, 'the reads alone');
});

test('leaving ends a step that is waited for, and those behind it', async () => {
  const { client } = await makeVault({ given: { secrets, faults: [never] } });
  const results = client.getSecrets({ names: letters });
  await results.next();
  const steps = [results.next(), results.next(), results.return()];
  assert.deepEqual(await Promise.all(steps), [end, end, end]);
});

test('an abort rejects the step under way with the reason, and ends the results', async () => {
  const { client } = await makeVault({ given: { secrets, faults: [never] } });
  const controller = new AbortController();
  const results = client.getSecrets({ names: letters, abortSignal: controller.signal });
  assert.equal((await results.next()).value.name, 'a');
  const steps = [results.next(), results.next()];
  const reason = new Error('changed my mind');
  controller.abort(reason);
  await assert.rejects(steps[0], (error) => error === reason);
  assert.deepEqual(await steps[1], end);
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
});

test('an abort between two steps rejects the next one', async () => {
  const { client } = await makeVault({ given: { secrets } });
  const controller = new AbortController();
  const results = client.getSecrets({ names: letters, abortSignal: controller.signal });
  await results.next();
  controller.abort();
  await assert.rejects(results.next(), (error) => error === controller.signal.reason);
  assert.deepEqual(await results.next(), end);
});

test('results that have ended let go of the signal', async () => {
  const { client } = await makeVault({ given: { secrets } });
  const controller = new AbortController();
  await collect(client.getSecrets({ abortSignal: controller.signal }));
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
  controller.abort();
});

test('progress is told before each result', async () => {
  const { client } = await makeVault({ given: { secrets } });
  const seen = [];
  const onProgress = (progress) => seen.push(progress);
  for await (const { name } of client.setSecrets({ a: '1', b: '2' }, { onProgress })) seen.push(name);
  assert.deepEqual(seen, [{ done: 1, total: 2 }, 'a', { done: 2, total: 2 }, 'b']);
});

test('progress has no total while the list is being read', async () => {
  const many = Array.from({ length: 30 }, (_, place) => ({ name: `many-${place}`, value: '' }));
  const { client } = await makeVault({ given: { secrets: many } });
  const told = [];
  await collect(client.getSecrets({ concurrency: 2, onProgress: (progress) => told.push(progress) }));
  assert.deepEqual([told.length, told[0], told.at(-1)], [30, { done: 1 }, { done: 30, total: 30 }]);
});

test('what the progress callback throws or rejects with rejects the step and ends the results', async () => {
  const { client } = await makeVault({ given: { secrets } });
  const full = new Error('the disk is full');
  const throws = () => {
    throw full;
  };
  for (const onProgress of [throws, () => Promise.reject(full)]) {
    const results = client.getSecrets({ onProgress });
    await assert.rejects(results.next(), (error) => error === full);
    assert.deepEqual(await results.next(), end);
  }
});

test('a list that fails rejects behind the results before it', async () => {
  const fault = { operation: 'list_properties_of_secrets', skip: 1, status: 403, times: -1 };
  const many = Array.from({ length: 30 }, (_, place) => ({ name: `many-${place}`, value: '' }));
  const { client } = await makeVault({ given: { secrets: many, faults: [fault] } });
  const results = client.getSecrets();
  for (let place = 0; place < 25; place++) assert.ok((await results.next()).value.secret);
  await assert.rejects(results.next(), { kind: 'forbidden' });
  assert.deepEqual(await results.next(), end);
});

test('a closed client gives no results, but those under way go on', async () => {
  const { client } = await makeVault({ given: { secrets } });
  const results = client.getSecrets({ names: letters, concurrency: 1 });
  await results.next();
  client.close();
  assert.equal((await collect(results)).length, letters.length - 1);
  await assert.rejects(client.getSecrets().next(), { name: 'InvalidStateError' });
});
