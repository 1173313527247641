// The official client, as a worker uses it.

import process from 'node:process';
import { SecretClient } from '@azure/keyvault-secrets';

export class Client {
  #asked = 0;
  #client;

  constructor() {
    const token = { token: process.env.VAULT_TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 };
    const getToken = async () => {
      this.#asked += 1;
      return token;
    };
    const options = { disableChallengeResourceVerification: true };
    this.#client = new SecretClient(process.env.VAULT_URL, { getToken }, options);
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

  tokens() {
    return this.#asked;
  }
}
