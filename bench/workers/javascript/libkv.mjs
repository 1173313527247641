// libkv, as a worker uses it.

import process from 'node:process';
import { SecretClient, StaticTokenCredential } from 'libkv';

export class Client {
  #client;

  constructor(options) {
    const { VAULT_URL, VAULT_TOKEN, VAULT_CA_FILE } = process.env;
    this.#client = new SecretClient(VAULT_URL, new StaticTokenCredential(VAULT_TOKEN), { caFile: VAULT_CA_FILE, ...options });
  }

  async get(name) {
    return (await this.#client.getSecret(name)).value;
  }

  async set(name, value) {
    return (await this.#client.setSecret(name, value)).value;
  }

  async names() {
    const names = [];
    for await (const { name } of this.#client.listPropertiesOfSecrets()) names.push(name);
    return names;
  }

  async readAll(workers) {
    const results = [];
    for await (const { name, secret, error } of this.#client.getSecrets({ concurrency: workers })) {
      results.push([name, secret ? secret.value : String(error)]);
    }
    return results;
  }

  tokens() {
    return this.#client.stats().tokens;
  }
}
