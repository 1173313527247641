import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { SecretClient, StaticTokenCredential } from '../../node/index.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');
const emulator = ['release', 'debug']
  .map((profile) => path.join(root, 'target', profile, 'kv-emulator'))
  .find((file) => existsSync(file));

/** The running local vault: one for each test file, ended with it. */
const facts = await start();

async function start() {
  if (!emulator) throw new Error('there is no kv-emulator in target/; run: make build');
  const folder = mkdtempSync(path.join(tmpdir(), 'libkv-node-'));
  const ready = path.join(folder, 'ready.json');
  const child = spawn(emulator, ['--ready-file', ready, '--with-parent'], { stdio: ['pipe', 'ignore', 'inherit'] });
  after(async () => {
    child.kill();
    await once(child, 'exit');
    rmSync(folder, { recursive: true });
  });
  for (let tries = 0; !existsSync(ready); tries++) {
    if (tries > 1000 || child.exitCode !== null) throw new Error('the local vault did not start');
    await sleep(10);
  }
  return JSON.parse(readFileSync(ready, 'utf8'));
}

export const credential = new StaticTokenCredential(facts.token);

/** Fetches a token that is good for every vault besides the one that all tests share. */
async function anotherToken() {
  const question = `${facts.identity_endpoint}?api-version=2019-08-01&resource=https://localhost`;
  const answer = await fetch(question, { headers: { 'X-IDENTITY-HEADER': 'any' } });
  return (await answer.json()).access_token;
}

let vaults = 0;

/** Makes a vault of its own, with the control interface's settings, and a client of it. */
export async function makeVault({ given = {}, options = {} } = {}) {
  const name = `t${process.pid}-${++vaults}`;
  const url = facts.vault_url.replace('default', name);
  const clientOptions = { caFile: facts.ca_file, retry: { baseDelayMs: 1 }, ...options };
  const control = async (method, suffix = '', settings = undefined) => {
    const body = settings && JSON.stringify(settings);
    const answer = await fetch(`${facts.control_url}/vaults/${name}${suffix}`, { method, body });
    if (!answer.ok) throw new Error(`${method} ${answer.status}: ${await answer.text()}`);
    return answer.json().catch(() => undefined);
  };
  await control('PUT', '', given);
  return {
    url,
    token: facts.token,
    tenant: facts.tenant,
    identityEndpoint: facts.identity_endpoint,
    options: clientOptions,
    anotherToken,
    client: new SecretClient(url, credential, clientOptions),
    change: (settings) => control('PATCH', '', settings),
    requests: () => control('GET', '/requests'),
  };
}
