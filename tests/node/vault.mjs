import { after } from 'node:test';

import { SecretClient } from '../../node/index.mjs';
import { startEmulator } from '../../node/testing.mjs';

/** The running local vault: one for each test file, ended with it. */
const emulator = await startEmulator();
after(() => emulator.stop());

export const { credential, facts } = emulator;

/** Fetches a token that is good for every vault besides the one that all tests share. */
async function anotherToken() {
  const question = `${emulator.facts.identity_endpoint}?api-version=2019-08-01&resource=https://localhost`;
  const answer = await fetch(question, { headers: { 'X-IDENTITY-HEADER': 'any' } });
  return (await answer.json()).access_token;
}

/** Makes a vault of its own, with the control interface's settings, and a client of it. */
export async function makeVault({ given = {}, options = {} } = {}) {
  const vault = emulator.vault();
  await vault.reset(given);
  const clientOptions = { caFile: emulator.caFile, retry: { baseDelayMs: 1 }, ...options };
  return {
    url: vault.url,
    token: emulator.facts.token,
    tenant: emulator.facts.tenant,
    identityEndpoint: emulator.facts.identity_endpoint,
    options: clientOptions,
    anotherToken,
    client: new SecretClient(vault.url, credential, clientOptions),
    change: (settings) => vault.change(settings),
    requests: () => vault.requests(),
  };
}
