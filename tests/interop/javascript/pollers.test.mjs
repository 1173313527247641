// What pollers tell, how they are stopped, and how others go on with them.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeVault } from './vault.mjs';

const options = { intervalInMs: 50 };

for (const [operation, state, delay] of [
  ['beginDeleteSecret', 'active', 'delete_delay_ms'],
  ['beginRecoverDeletedSecret', 'deleted', 'recover_delay_ms'],
]) {
  const begun = async () => {
    const vault = await makeVault({ [delay]: 400, secrets: [{ name: 'db', value: 'v', state }] });
    return { ...vault, poller: await vault.client[operation]('db', options) };
  };

  test(`a poller of ${operation} tells what has begun and what has come of it`, async () => {
    const { poller } = await begun();
    const { isStarted, isCompleted, result } = poller.getOperationState();
    assert.deepEqual([isStarted, !!isCompleted, result.name], [true, false, 'db']);
    assert.deepEqual([poller.isDone(), poller.isStopped(), poller.getResult().name], [false, true, 'db']);
    const forget = poller.onProgress(() => {});
    assert.equal((await poller.pollUntilDone()).name, 'db');
    forget();
    const state = poller.getOperationState();
    assert.deepEqual([state.isCompleted, state.result.name, poller.isDone()], [true, 'db', true]);
  });

  test(`another poller goes on where a wait for ${operation} was stopped`, async () => {
    const { client, poller } = await begun();
    const wait = assert.rejects(poller.pollUntilDone(), { name: 'PollerStoppedError' });
    await poller.poll();
    poller.stopPolling();
    assert.ok(poller.isStopped());
    await wait;
    assert.ok(!poller.getOperationState().isCompleted);
    const resumed = await client[operation]('db', { ...options, resumeFrom: poller.toString() });
    assert.ok(resumed.getOperationState().isStarted);
    assert.equal((await resumed.pollUntilDone()).name, 'db');
    assert.ok(resumed.getOperationState().isCompleted);
  });

  test(`the signal of ${operation} ends the wait`, async () => {
    const vault = await makeVault({ [delay]: -1, secrets: [{ name: 'db', value: 'v', state }] });
    const controller = new AbortController();
    const poller = await vault.client[operation]('db', { ...options, abortSignal: controller.signal });
    const wait = poller.pollUntilDone();
    controller.abort();
    await assert.rejects(wait, { name: 'AbortError' });
  });

  test(`what ${operation} has begun cannot be taken back`, async () => {
    const { poller } = await begun();
    await assert.rejects(poller.cancelOperation(), /not supported|goes on/i);
  });
}
