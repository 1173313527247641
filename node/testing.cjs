'use strict';

const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const path = require('node:path');
const { createInterface } = require('node:readline');

const { SecretClient, StaticTokenCredential } = require('./index.cjs');

const PROGRAM = 'kv-emulator';
const PATIENCE_MS = 20_000;

async function startEmulator({ flags = [], binary = findBinary() } = {}) {
  const child = spawn(binary, ['--with-parent', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const facts = await firstLine(child, binary);
  // Whoever forgets to stop it is not kept alive by it: it ends with this process.
  child.unref();
  child.stdout.unref();
  return new Emulator(child, ended, JSON.parse(facts));
}

/** Resolves with what the program says when it serves. */
function firstLine(child, binary) {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    const settle = (how, what) => {
      clearTimeout(limit);
      how(what);
    };
    createInterface({ input: child.stdout }).once('line', (line) => settle(resolve, line));
    child.once('error', (error) => settle(reject, error));
    child.once('close', () => settle(reject, new Error(`${binary} ended before it served`)));
  });
}

class Emulator {
  #child;
  #ended;
  #vaults = 0;

  constructor(child, ended, facts) {
    this.#child = child;
    this.#ended = ended;
    this.facts = facts;
    this.vaultUrl = facts.vault_url;
    this.caFile = facts.ca_file;
    this.credential = new StaticTokenCredential(facts.token);
  }

  client(options) {
    return this.vault('default').client(options);
  }

  vault(name = `vault-${++this.#vaults}`) {
    return new Vault(this, name);
  }

  async advance(seconds) {
    await this.control('PATCH', '/clock', { advance_s: seconds });
  }

  reset() {
    return this.importState({ version: 1, vaults: {} });
  }

  exportState() {
    return this.control('GET', '/state');
  }

  async importState(state) {
    await this.control('PUT', '/state', state);
  }

  async control(method, path, body) {
    const answer = await fetch(this.facts.control_url + path, { method, body: body && JSON.stringify(body) });
    const text = await answer.text();
    const said = text ? JSON.parse(text) : undefined;
    if (!answer.ok) throw new Error(said.error);
    return said;
  }

  async stop() {
    this.#child.ref();
    this.#child.kill();
    await this.#ended;
  }

  [Symbol.asyncDispose]() {
    return this.stop();
  }
}

class Vault {
  #emulator;
  #path;

  constructor(emulator, name) {
    this.url = emulator.vaultUrl.replace('default', name);
    this.#emulator = emulator;
    this.#path = `/vaults/${name}`;
  }

  client(options, credential = this.#emulator.credential) {
    return new SecretClient(this.url, credential, { caFile: this.#emulator.caFile, ...options });
  }

  async reset(settings = {}) {
    await this.#emulator.control('PUT', this.#path, settings);
  }

  async change(settings) {
    await this.#emulator.control('PATCH', this.#path, settings);
  }

  requests() {
    return this.#emulator.control('GET', `${this.#path}/requests`);
  }
}

function findBinary() {
  const named = process.env.KV_EMULATOR;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`KV_EMULATOR names ${named}, which is no file`);
  }
  const target = process.env.CARGO_TARGET_DIR ?? path.join(__dirname, '..', 'target');
  const folders = [__dirname, path.join(target, 'release'), path.join(target, 'debug')];
  folders.push(...(process.env.PATH ?? '').split(path.delimiter));
  const found = folders.map((folder) => path.join(folder, PROGRAM)).find((file) => existsSync(file));
  if (found) return found;
  throw new Error(`there is no ${PROGRAM}: put it on PATH, or let KV_EMULATOR name it`);
}

module.exports = { startEmulator };
