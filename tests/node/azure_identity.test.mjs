import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { makeVault } from './vault.mjs';

const node = new URL('../../node/', import.meta.url);

/**
 * Reads a secret with a credential of the official package, in a process of its own: Node takes certificate authorities from
 * a variable at its start alone.
 */
async function read(vault, credential, variables = {}) {
  const program = `
    const { SecretClient } = require('./index.cjs');
    const official = require('@azure/identity');
    const client = new SecretClient(process.argv[1], ${credential});
    client.getSecret('db').then(
      ({ value }) => console.log(JSON.stringify({ value })),
      ({ name, message, cause }) => console.log(JSON.stringify({ name, message, cause: cause.name })),
    );
  `;
  const env = { NODE_EXTRA_CA_CERTS: vault.options.caFile, ...variables };
  const options = { cwd: node, env, timeout: 30_000 };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', program, vault.url], options);
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

test('a chain of @azure/identity reads a secret', async () => {
  const vault = await makeVault({ given: { secrets: [{ name: 'db', value: 'v1' }] } });
  const variables = { IDENTITY_ENDPOINT: vault.identityEndpoint, IDENTITY_HEADER: 'header' };
  const links = 'new official.EnvironmentCredential(), new official.ManagedIdentityCredential()';
  assert.deepEqual(await read(vault, `new official.ChainedTokenCredential(${links})`, variables), { value: 'v1' });
});

/** An application of the local vault's authority, which is asked by a host name that every resolver knows. */
function application({ url, tenant }, secret) {
  const authorityHost = `https://localhost:${new URL(url).port}`;
  const options = JSON.stringify({ authorityHost, disableInstanceDiscovery: true });
  return `new official.ClientSecretCredential('${tenant}', 'app', '${secret}', ${options})`;
}

test('an application of @azure/identity reads a secret', async () => {
  const vault = await makeVault({ given: { secrets: [{ name: 'db', value: 'v1' }] } });
  assert.deepEqual(await read(vault, application(vault, 'secret')), { value: 'v1' });
});

test('what @azure/identity throws arrives', async () => {
  const vault = await makeVault();
  const { message, ...thrown } = await read(vault, application(vault, 'wrong'));
  assert.deepEqual(thrown, { name: 'AuthenticationError', cause: 'AuthenticationRequiredError' });
  assert.match(message, /^the credential failed: AuthenticationRequiredError: .*AADSTS7000215/);
});
