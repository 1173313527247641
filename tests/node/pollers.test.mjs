import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';

import { CancelledError, SecretClient, UnsupportedError } from '../../node/index.mjs';
import { credential, makeVault } from './vault.mjs';

const secrets = [{ name: 'db', value: 'v1' }];

/** A vault in which a deletion and a recovery of `db` go on until `change` ends them. */
const unhurried = (options = {}) =>
  makeVault({
    given: { secrets, delete_delay_ms: -1, recover_delay_ms: -1 },
    options: { pollIntervalMs: 5, ...options },
  });

test('a poller of a deletion and of a recovery waits until the vault has finished', async () => {
  const { client, change } = await unhurried();
  const deletion = await client.beginDeleteSecret('db');
  await deletion.poll();
  assert.equal(deletion.isDone(), false);
  await change({ delete_delay_ms: 0 });
  const deleted = await deletion.pollUntilDone();
  assert.equal(deletion.isDone(), true);
  assert.deepEqual(deleted, deletion.getResult());
  const state = { name: 'db', isStarted: true, isCompleted: true, lookCount: 2, result: deleted };
  assert.deepEqual(deletion.getOperationState(), state);
  assert.equal((await client.getDeletedSecret('db')).recoveryId, deleted.recoveryId);

  const recovery = await client.beginRecoverDeletedSecret('db');
  assert.equal(recovery.isDone(), false);
  await change({ recover_delay_ms: 0 });
  assert.equal((await recovery.pollUntilDone()).name, 'db');
  assert.equal((await client.getSecret('db')).value, 'v1');
});

test('a poller gives up at its deadline, the client’s or its signal, and can be asked again', async () => {
  const { client, change } = await unhurried({ timeoutMs: 600 });
  const poller = await client.beginDeleteSecret('db');
  await assert.rejects(poller.pollUntilDone({ timeout: 50 }), { name: 'TimeoutError' });
  await assert.rejects(poller.pollUntilDone(), { name: 'TimeoutError' });
  const abortSignal = AbortSignal.timeout(50);
  await assert.rejects(poller.pollUntilDone({ abortSignal }), (error) => error === abortSignal.reason);
  await change({ delete_delay_ms: 0 });
  await poller.pollUntilDone();
});

test('a poller whose next look would come too late says that the vault goes on', async () => {
  const { client } = await unhurried();
  const poller = await client.beginDeleteSecret('db', { intervalInMs: 60_000 });
  await assert.rejects(poller.pollUntilDone({ timeout: 30_000 }), {
    name: 'TimeoutError',
    message: /goes on by itself/,
  });
});

test('a wait is aborted at once, also between two looks', async () => {
  const { client } = await unhurried();
  const poller = await client.beginDeleteSecret('db', { intervalInMs: 60_000 });
  const controller = new AbortController();
  poller.onProgress(() => setImmediate(() => controller.abort()));
  const wait = poller.pollUntilDone({ abortSignal: controller.signal, timeout: 120_000 });
  await assert.rejects(wait, (error) => error === controller.signal.reason);
});

test('looks come as often as the caller says, and are told of', async () => {
  const { client, requests } = await unhurried();
  const poller = await client.beginDeleteSecret('db', { intervalInMs: 100 });
  const seen = [];
  const forget = poller.onProgress((state) => seen.push(state));
  await assert.rejects(poller.pollUntilDone({ timeout: 1_500 }), { name: 'TimeoutError' });
  const looks = (await requests()).counts.get_deleted_secret;
  assert.ok(looks >= 3 && looks <= 15, `${looks} looks in 1.5 s`);
  assert.deepEqual([seen.length, seen.at(-1).lookCount], [looks, looks]);
  assert.deepEqual([seen[0].name, seen[0].isCompleted], ['db', false]);
  forget();
  await poller.poll();
  assert.equal(seen.length, looks);
});

test('what an observer throws fails the look', async () => {
  const { client } = await unhurried();
  const poller = await client.beginDeleteSecret('db');
  assert.throws(() => poller.onProgress('db'), { kind: 'invalid_argument', message: /^callback: must be a function/ });
  const defect = new Error('mine');
  poller.onProgress(() => {
    throw defect;
  });
  await assert.rejects(poller.poll(), defect);
  await assert.rejects(poller.pollUntilDone(), defect);
});

test('what an observer rejects with fails the look, too', async () => {
  const { client } = await unhurried();
  const poller = await client.beginDeleteSecret('db');
  const defect = new Error('mine');
  poller.onProgress(() => Promise.reject(defect));
  await assert.rejects(poller.poll(), defect);
});

test('the signal that the work was begun with ends its waits, unless they have one of their own', async () => {
  const { client, change } = await unhurried();
  const controller = new AbortController();
  const { signal: abortSignal } = controller;
  const poller = await client.beginDeleteSecret('db', { intervalInMs: 60_000, abortSignal });
  const wait = poller.pollUntilDone({ timeout: 120_000 });
  const reason = new Error('changed my mind');
  controller.abort(reason);
  await assert.rejects(wait, (error) => error === reason);
  await assert.rejects(poller.poll(), (error) => error === reason);
  assert.equal(getEventListeners(abortSignal, 'abort').length, 0);
  await change({ delete_delay_ms: 0 });
  await poller.poll({ abortSignal: new AbortController().signal });
  assert.equal(poller.isDone(), true);
});

test('a wait can be stopped, the work cannot', async () => {
  const { client, change } = await unhurried();
  const poller = await client.beginDeleteSecret('db');
  assert.equal(poller.isStopped(), true);
  const wait = poller.pollUntilDone();
  assert.equal(poller.isStopped(), false);
  poller.stopPolling();
  assert.equal(poller.isStopped(), true);
  await assert.rejects(wait, (error) => error instanceof CancelledError && error.name === 'PollerStoppedError');
  await assert.rejects(poller.cancelOperation(), UnsupportedError);
  await change({ delete_delay_ms: 0 });
  await poller.pollUntilDone();
});

for (const [operation, request, state, delay] of [
  ['beginDeleteSecret', 'begin_delete_secret', 'active', 'delete_delay_ms'],
  ['beginRecoverDeletedSecret', 'begin_recover_deleted_secret', 'deleted', 'recover_delay_ms'],
]) {
  test(`another client goes on with a poller of ${operation}`, async () => {
    const given = { secrets: [{ name: 'db', value: 'hunter2', state }], [delay]: -1 };
    const { client, url, options, change, requests } = await makeVault({ given });
    const poller = await client[operation]('db');
    const resumeFrom = poller.toString();
    assert.ok(!resumeFrom.includes('hunter2'));

    const other = new SecretClient(url, credential, { ...options, pollIntervalMs: 5 });
    const resumed = await other[operation]('db', { resumeFrom });
    assert.deepEqual(resumed.getOperationState(), { name: 'db', isStarted: true, isCompleted: false, lookCount: 1 });
    assert.equal(resumed.toString(), resumeFrom);
    await change({ [delay]: 0 });
    assert.equal((await resumed.pollUntilDone()).name, 'db');
    assert.deepEqual(resumed.getResult(), poller.getResult());
    assert.equal((await requests()).counts[request], 1);
  });
}

test('what a resumed poller finds at the end comes by its deadline', async () => {
  const { client, change } = await unhurried();
  const resumeFrom = (await client.beginDeleteSecret('db')).toString();
  const resumed = await client.beginDeleteSecret('db', { resumeFrom });
  await change({ delete_delay_ms: 0, faults: [{ operation: 'get_deleted_secret', times: -1, delay_ms: 60_000 }] });
  await assert.rejects(resumed.poll({ timeout: 100 }), { name: 'TimeoutError' });
  await assert.rejects(resumed.pollUntilDone({ timeout: 100 }), { name: 'TimeoutError' });
  assert.deepEqual([resumed.isDone(), resumed.getResult()], [false, undefined]);
});

test('a resumed poller tells a secret that it may not read from a vault that it may not reach', async () => {
  const { client, change } = await unhurried();
  const resumeFrom = (await client.beginDeleteSecret('db')).toString();
  const refuse = (code) => {
    const body = { error: { code: 'Forbidden', message: 'no', innererror: { code } } };
    return { operation: 'get_deleted_secret', status: 403, body };
  };
  await change({ faults: [refuse('ForbiddenByFirewall')] });
  await assert.rejects(client.beginDeleteSecret('db', { resumeFrom }), { kind: 'forbidden' });
  await change({ faults: [refuse('ForbiddenByRbac')] });
  const resumed = await client.beginDeleteSecret('db', { resumeFrom });
  assert.deepEqual([resumed.isDone(), resumed.getResult()], [true, undefined]);
});
