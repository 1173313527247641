import { after } from 'node:test';

import { SecretClient } from '../../node/index.mjs';
import { startEmulator } from '../../node/testing.mjs';

/** The running local vault: one for each test file, ended with it. */
const emulator = await startEmulator();
after(() => emulator.stop());

export const { credential } = emulator;

/** Makes a vault of its own, with the control interface's settings, and a client of it. */
export async function makeVault({ given = {}, options = {} } = {}) {
  const vault = emulator.vault();
  await vault.reset(given);
  const clientOptions = { caFile: emulator.caFile, retry: { baseDelayMs: 1 }, ...options };
  return {
    url: vault.url,
    token: emulator.facts.token,
    options: clientOptions,
    client: new SecretClient(vault.url, credential, clientOptions),
    change: (settings) => vault.change(settings),
    requests: () => vault.requests(),
  };
}
