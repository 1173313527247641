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
  const began = performance.now();
  const results = await run();
  const seconds = (performance.now() - began) / 1000;
  console.log(JSON.stringify({ failed: failures(results), seconds, tokens: client.tokens?.() ?? 0 }));
}
