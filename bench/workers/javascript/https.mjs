// What comes with Node alone, as the first secret of a process needs it.

import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import process from 'node:process';

const { VAULT_URL, VAULT_TOKEN, VAULT_CA_FILE } = process.env;

export class Client {
  async get(name) {
    const headers = { authorization: `Bearer ${VAULT_TOKEN}`, accept: 'application/json' };
    const answer = await new Promise((resolve, reject) => {
      const options = { ca: readFileSync(VAULT_CA_FILE), headers };
      get(`${VAULT_URL}/secrets/${name}?api-version=2026-04-01`, options, resolve).on('error', reject);
    });
    return JSON.parse((await answer.toArray()).join('')).value;
  }
}
