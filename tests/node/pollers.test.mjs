import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeVault } from './vault.mjs';

const secrets = [{ name: 'db', value: 'v1' }];

test('a poller of a deletion and of a recovery waits until the vault has finished', async () => {
  const { client, change } = await makeVault({ given: { secrets, delete_delay_ms: -1, recover_delay_ms: -1 } });
  const deletion = await client.beginDeleteSecret('db');
  assert.equal((await deletion.poll()).isCompleted, false);
  assert.equal(deletion.isDone(), false);
  await change({ delete_delay_ms: 0 });
  const deleted = await deletion.pollUntilDone();
  assert.equal(deletion.isDone(), true);
  assert.deepEqual(deleted, deletion.getResult());
  assert.deepEqual(deletion.getOperationState(), { isStarted: true, isCompleted: true, result: deleted });
  assert.equal((await client.getDeletedSecret('db')).recoveryId, deleted.recoveryId);

  const recovery = await client.beginRecoverDeletedSecret('db');
  assert.equal(recovery.isDone(), false);
  await change({ recover_delay_ms: 0 });
  assert.equal((await recovery.pollUntilDone()).name, 'db');
  assert.equal((await client.getSecret('db')).value, 'v1');
});

test('a poller gives up at its deadline or its signal, and can be asked again', async () => {
  const options = { pollIntervalMs: 5 };
  const { client, change } = await makeVault({ given: { secrets, delete_delay_ms: -1 }, options });
  const poller = await client.beginDeleteSecret('db');
  await assert.rejects(poller.pollUntilDone({ timeout: 50 }), { name: 'TimeoutError' });
  const abortSignal = AbortSignal.timeout(50);
  await assert.rejects(poller.pollUntilDone({ abortSignal }), (error) => error === abortSignal.reason);
  await change({ delete_delay_ms: 0 });
  await poller.pollUntilDone();
});
