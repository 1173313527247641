import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { test } from 'node:test';
import { setTimeout as later } from 'node:timers/promises';

import { facts, makeVault } from './vault.mjs';

const CALLS = 2_000;
const MOST_PER_TURN = 128;

const given = { secrets: [{ name: 'db', value: 'v1' }] };

/** Holds this thread until a vault has taken so many requests. */
function holdUntil(vault, count) {
  const [name] = new URL(vault.url).host.split('.');
  const url = `${facts.control_url}/vaults/${name}/requests`;
  const wait = `while ((await (await fetch('${url}')).json()).length < ${count});`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', wait]);
}

const getMany = (client, count) => Promise.all(Array.from({ length: count }, () => client.getSecret('db')));

test('answers that come together are taken a few at a time, with turns of the event loop in between', async () => {
  const vault = await makeVault({ given });
  const { client } = vault;
  // From here on the vault is known not to throttle.
  await getMany(client, MOST_PER_TURN);
  const before = (await vault.requests()).length;
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
  // The calls leave now, as many as a connection takes, and nothing is taken while the thread is held.
  await null;
  holdUntil(vault, before + MOST_PER_TURN);
  await Promise.all(calls).finally(() => clearImmediate(timer));
  // In one turn there may be answers of the input's share of it, and of what was left over from the turn before.
  const most = Math.max(...answers.values());
  assert.ok(most <= 2 * MOST_PER_TURN, `${most} answers in one turn`);
});

test('calls go on when the thread was held, and none is lost', async () => {
  const vault = await makeVault({ given });
  for (let held = 1; held <= 5; held += 1) {
    const calls = getMany(vault.client, 50);
    await later(1);
    holdUntil(vault, (await vault.requests()).length);
    assert.equal((await calls).length, 50);
  }
});

test('a wait of a call ends though nothing else goes on', async () => {
  const retry = { maxAttempts: 3, baseDelayMs: 40, maxDelayMs: 40 };
  const { client, change } = await makeVault({ given, options: { retry } });
  await change({ faults: [{ status: 503, times: 2 }] });
  const { value } = await client.getSecret('db', { timeout: 10_000 });
  assert.equal(value, 'v1');
  assert.equal(client.stats().retries, 2);
});

test('a deadline ends a call that is never answered', async () => {
  const { client, change } = await makeVault({ given });
  await client.getSecret('db');
  await change({ faults: [{ times: -1, delay_ms: 60_000 }] });
  await assert.rejects(client.getSecret('db', { timeout: 30 }), { kind: 'timeout' });
  await assert.rejects(client.getSecret('db', { timeout: 1_100 }), { kind: 'timeout' });
});
