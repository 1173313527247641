import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeVault } from './vault.mjs';

const CALLS = 2_000;
const MOST_PER_TURN = 128;

test('answers that come together are taken a few at a time, with turns of the event loop in between', async () => {
  const { client } = await makeVault({ given: { secrets: [{ name: 'db', value: 'v1' }] } });
  let turn = 0;
  let timer = setImmediate(function count() {
    turn += 1;
    timer = setImmediate(count);
  });
  const answers = new Map();
  const get = async () => {
    await client.getSecret('db');
    answers.set(turn, (answers.get(turn) ?? 0) + 1);
  };
  const calls = Array.from({ length: CALLS }, get);
  // The calls leave now, and nothing is taken during the next statement, so that most answers wait together.
  await null;
  while (client.stats().requests < CALLS);
  await Promise.all(calls).finally(() => clearImmediate(timer));
  // In one turn there may be answers of the input's share of it, and of what was left over from the turn before.
  const most = Math.max(...answers.values());
  assert.ok(most <= 2 * MOST_PER_TURN, `${most} answers in one turn`);
});
