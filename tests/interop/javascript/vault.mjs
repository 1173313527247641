import assert from 'node:assert/strict';
import { ClientSecretCredential } from '@azure/identity';
import { SecretClient } from '@azure/keyvault-secrets';

const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, INTEROP_VAULT_URL, INTEROP_CONTROL_URL } = process.env;

let vaults = 0;

/** Makes a vault of its own, with the control interface's settings, and an official client of it. */
export async function makeVault(given = {}, { secret = AZURE_CLIENT_SECRET, ...options } = {}) {
  const name = `js${process.pid}-${++vaults}`;
  const url = INTEROP_VAULT_URL.replace('default', name);
  const control = async (method, suffix = '', settings = undefined) => {
    const body = settings && JSON.stringify(settings);
    const answer = await fetch(`${INTEROP_CONTROL_URL}/vaults/${name}${suffix}`, { method, body });
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.json();
  };
  await control('PUT', '', given);
  const credential = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, secret, {
    disableInstanceDiscovery: true,
  });
  return {
    url,
    client: new SecretClient(url, credential, options),
    requests: async () => (await control('GET', '/requests')).counts,
  };
}

/** Deletes and waits. */
export async function deleted(client, name) {
  const poller = await client.beginDeleteSecret(name, { intervalInMs: 50 });
  return poller.pollUntilDone();
}

/** Reads a list page by page. */
export async function pages(list, maxPageSize) {
  const read = [];
  for await (const page of list.byPage({ maxPageSize })) read.push(page);
  return read;
}

/** Expects a call to be refused, with the status, the code and the inner code that the client's error carries. */
export async function refused(call, statusCode, code, inner) {
  await assert.rejects(call, (error) => {
    const details = error.details?.error;
    assert.deepEqual(
      [error.name, error.statusCode, error.code, details?.code, details?.innerError?.code],
      ['RestError', statusCode, code, code, inner],
    );
    return true;
  });
}
