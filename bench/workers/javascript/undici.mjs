// undici alone, as a worker uses it.

import { readFileSync } from 'node:fs';
import process from 'node:process';
import { Agent, request } from 'undici';

const CONNECTIONS = 64;
const QUERY = 'api-version=2026-04-01';
const { VAULT_URL, VAULT_TOKEN, VAULT_CA_FILE } = process.env;

export class Client {
  #agent = new Agent({ connections: CONNECTIONS, connect: { ca: readFileSync(VAULT_CA_FILE) } });
  #headers = { authorization: `Bearer ${VAULT_TOKEN}`, accept: 'application/json' };

  async #ask(method, url, body) {
    const headers = body ? { ...this.#headers, 'content-type': 'application/json' } : this.#headers;
    const answer = await request(url, { dispatcher: this.#agent, method, headers, body });
    if (answer.statusCode !== 200) throw new Error(`the vault answered ${answer.statusCode}`);
    return answer.body.json();
  }

  async get(name) {
    return (await this.#ask('GET', `${VAULT_URL}/secrets/${name}?${QUERY}`)).value;
  }

  async set(name, value) {
    return (await this.#ask('PUT', `${VAULT_URL}/secrets/${name}?${QUERY}`, JSON.stringify({ value }))).value;
  }

  async names() {
    const names = [];
    let url = `${VAULT_URL}/secrets?${QUERY}`;
    while (url) {
      const page = await this.#ask('GET', url);
      names.push(...page.value.map(({ id }) => id.slice(id.lastIndexOf('/') + 1)));
      url = page.nextLink;
    }
    return names;
  }
}
