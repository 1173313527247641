// The official JavaScript client at a job of many calls; see `bench/README.md` for what a worker is told and says.

import process from 'node:process';
import { createInterface } from 'node:readline';
import { SecretClient } from '@azure/keyvault-secrets';

const [operation, ...numbers] = process.argv.slice(2);
const [workers, first, count] = numbers.map(Number);
const token = { token: process.env.VAULT_TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 };
let asked = 0;
const credential = {
  getToken: async () => {
    asked += 1;
    return token;
  },
};
const client = new SecretClient(process.env.VAULT_URL, credential, { disableChallengeResourceVerification: true });

async function work(names) {
  let failed = 0;
  for (const name of names) {
    try {
      const secret = operation === 'set' ? await client.setSecret(name, name) : await client.getSecret(name);
      if (secret.value !== name) failed += 1;
    } catch {
      failed += 1;
    }
  }
  return failed;
}

console.log('ready');
for await (const _ of createInterface({ input: process.stdin })) {
  const began = performance.now();
  const names = Array.from({ length: count }, (_, index) => `secret-${first + index}`).values();
  const failures = await Promise.all(Array.from({ length: workers }, () => work(names)));
  const failed = failures.reduce((sum, one) => sum + one, 0);
  console.log(JSON.stringify({ failed, seconds: (performance.now() - began) / 1000, tokens: asked }));
}
