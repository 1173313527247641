// A client at a job of many calls; see `bench/README.md` for what a worker is told and says.

import process from 'node:process';
import { createInterface } from 'node:readline';

const [module, operation, ...numbers] = process.argv.slice(2);
const [workers, first, count] = numbers.map(Number);
const { Client } = await import(`./${module}.mjs`);
const client = new Client(operation === 'cached' ? { 'cache.ttlMs': 60_000 } : {});
const expected = Array.from({ length: count }, (_, index) => `secret-${first + index}`);

async function work(names, results) {
  for (const name of names) {
    try {
      results.push([name, operation === 'set' ? await client.set(name, name) : await client.get(name)]);
    } catch (error) {
      results.push([name, String(error)]);
    }
  }
}

/** Does the job, and returns the names and values of the secrets. */
async function run() {
  if (operation === 'list') return (await client.names()).map((name) => [name, name]);
  if (operation === 'read' && client.readAll) return client.readAll(workers);
  const results = [];
  if (operation === 'cached') {
    for (const _ of expected) results.push([expected[0], await client.get(expected[0])]);
    return results;
  }
  const names = (operation === 'read' ? await client.names() : expected).values();
  await Promise.all(Array.from({ length: workers }, () => work(names, results)));
  return results;
}

/** Watches how late a timer of a millisecond is at most, until it is told to stop. */
function watchTimer() {
  let [latest, due] = [0, performance.now() + 1];
  let timer = setTimeout(function look() {
    latest = Math.max(latest, performance.now() - due);
    due = performance.now() + 1;
    timer = setTimeout(look, 1);
  }, 1);
  return () => {
    clearTimeout(timer);
    return Math.max(latest, performance.now() - due);
  };
}

/** Returns how many calls did not give what they must: each secret once, its name as its value. */
function failures(results) {
  const wrong = results.filter(([name, value]) => name !== value);
  if (wrong.length > 0) console.error(wrong[0].join(': '));
  if (operation === 'cached') return wrong.length;
  const got = new Set(results.map(([name]) => name));
  const missing = expected.filter((name) => !got.has(name)).length;
  return Math.max(wrong.length + missing, Math.abs(results.length - expected.length));
}

console.log('ready');
for await (const _ of createInterface({ input: process.stdin })) {
  const delay = operation === 'delay' ? watchTimer() : undefined;
  const began = performance.now();
  const results = await run();
  const seconds = (performance.now() - began) / 1000;
  const delay_ms = delay?.();
  console.log(JSON.stringify({ failed: failures(results), seconds, tokens: client.tokens?.() ?? 0, delay_ms }));
}
