import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';

import * as libkv from '../../node/index.mjs';
import { credentials, optionsOf } from '../../node/lib/credentials.cjs';
import { makeVault } from './vault.mjs';

const { SecretClient } = libkv;
const root = path.resolve(import.meta.dirname, '..', '..');
const certificates = path.join(root, 'core', 'src', 'auth', 'certificate', 'testdata');
const certificate = path.join(certificates, 'plain.pem');
const locked = { certificatePath: path.join(certificates, 'openssl-3.pfx'), certificatePassword: 'hunter2' };
const given = { secrets: [{ name: 'db', value: 'v1' }] };

/** Sets variables of the environment while a test runs. */
function setVariables(t, variables) {
  Object.assign(process.env, variables);
  t.after(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });
}

/** What each credential is made of, and the options that it stands for. */
const MADE = {
  DefaultAzureCredential: [
    [{ tenantId: 't', managedIdentityClientId: 'c', managedIdentityResourceId: 'r', authorityHost: 'https://a' }],
    { credential: 'default', tenantId: 't', clientId: 'c', resourceId: 'r', authorityHost: 'https://a' },
  ],
  EnvironmentCredential: [[{ authorityHost: 'https://a' }], { credential: 'environment', authorityHost: 'https://a' }],
  WorkloadIdentityCredential: [
    [{ tenantId: 't', clientId: 'c', tokenFilePath: certificate }],
    { credential: 'workload_identity', tenantId: 't', clientId: 'c', federatedTokenFile: certificate },
  ],
  ManagedIdentityCredential: [['c'], { credential: 'managed_identity', clientId: 'c' }],
  AzureCliCredential: [[{ tenantId: 't' }], { credential: 'azure_cli', tenantId: 't' }],
  AzurePowerShellCredential: [[], { credential: 'azure_powershell' }],
  AzureDeveloperCliCredential: [[{ tenantId: undefined }], { credential: 'azure_developer_cli' }],
  ClientSecretCredential: [
    ['t', 'c', 'hunter2', { authorityHost: 'https://a' }],
    { credential: 'client_secret', tenantId: 't', clientId: 'c', clientSecret: 'hunter2', authorityHost: 'https://a' },
  ],
  ClientCertificateCredential: [
    ['t', 'c', certificate],
    { credential: 'client_certificate', tenantId: 't', clientId: 'c', certificatePath: certificate },
  ],
  StaticTokenCredential: [['hunter2'], { credential: 'static_token', token: 'hunter2' }],
};

test('a credential stands for options that the core knows, and shows none of them', (t) => {
  setVariables(t, { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: 's' });
  assert.deepEqual(Object.keys(MADE), Object.keys(credentials));
  for (const [name, [args, { credential, ...options }]] of Object.entries(MADE)) {
    const made = new credentials[name](...args);
    const flat = Object.entries(options).map(([key, value]) => [`credential.${key}`, value]);
    assert.deepEqual(optionsOf(made), { credential, ...Object.fromEntries(flat) });
    assert.equal(inspect(made), `${name} {}`);
    new SecretClient('https://kv.vault.azure.net', made);
  }
});

test('an argument or an option that is wrong is named', () => {
  const wrong = [
    [() => new libkv.StaticTokenCredential(), 'token: must be a string'],
    [() => new libkv.ClientSecretCredential('t', 'c'), 'clientSecret: must be a string'],
    [() => new libkv.ClientSecretCredential('t', 'c', 's', { authority: 'x' }), 'authority: is not an option'],
    [() => new libkv.ClientCertificateCredential('t', 'c', 5), 'certificatePath: must be a string'],
    [() => new libkv.ClientCertificateCredential('t', 'c', { certificate: 'x' }), 'certificate: is not an option'],
    [() => new libkv.ClientCertificateCredential('t', 'c', null), 'certificatePath: must be a plain object'],
    [() => new libkv.ManagedIdentityCredential('c', { tenantId: 't' }), 'tenantId: is not an option'],
    [() => new libkv.ManagedIdentityCredential({ clientId: 5 }), 'clientId: must be a string'],
    [() => new libkv.AzureCliCredential('t'), 'options: must be a plain object'],
    [() => new libkv.DefaultAzureCredential({ tenant: 't' }), 'tenant: is not an option'],
  ];
  for (const [make, message] of wrong) {
    assert.throws(make, { name: 'InvalidArgumentError', message: new RegExp(`^${message}`) }, message);
  }
});

test('an application and a pod have tokens of the authority', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'libkv-pod-'));
  const tokenFilePath = path.join(folder, 'token');
  writeFileSync(tokenFilePath, 'assertion');
  const vault = await makeVault({ given });
  const authority = { authorityHost: vault.url };
  for (const credential of [
    new libkv.ClientSecretCredential('tenant', 'app', 'secret', authority),
    new libkv.ClientCertificateCredential('tenant', 'app', certificate, authority),
    new libkv.ClientCertificateCredential('tenant', 'app', locked, authority),
    new libkv.WorkloadIdentityCredential({ tenantId: 'tenant', clientId: 'app', tokenFilePath, ...authority }),
  ]) {
    const client = new SecretClient(vault.url, credential, vault.options);
    assert.equal((await client.getSecret('db')).value, 'v1');
    assert.equal(client.stats().tokens, 1);
  }
  assert.equal((await vault.requests()).counts.token, 4);
  rmSync(folder, { recursive: true });
});

test('without a credential, the environment has one', async (t) => {
  const vault = await makeVault({ given });
  const application = { AZURE_TENANT_ID: 'tenant', AZURE_CLIENT_ID: 'app', AZURE_CLIENT_SECRET: 'secret' };
  setVariables(t, { ...application, AZURE_AUTHORITY_HOST: vault.url });
  for (const credential of [undefined, new libkv.DefaultAzureCredential(), new libkv.EnvironmentCredential()]) {
    const client = new SecretClient(vault.url, credential, vault.options);
    assert.equal((await client.getSecret('db')).value, 'v1');
  }
});

test('a managed identity has tokens of its host', async (t) => {
  const vault = await makeVault({ given });
  setVariables(t, { IDENTITY_ENDPOINT: vault.identityEndpoint, IDENTITY_HEADER: 'header' });
  for (const credential of [new libkv.ManagedIdentityCredential(), new libkv.ManagedIdentityCredential('app')]) {
    const client = new SecretClient(vault.url, credential, vault.options);
    assert.equal((await client.getSecret('db')).value, 'v1');
  }
});

test('a credential may be given as options', async () => {
  const vault = await makeVault({ given });
  const options = { ...vault.options, credential: 'static_token', 'credential.token': vault.token };
  const client = new SecretClient(vault.url, undefined, options);
  assert.equal((await client.getSecret('db')).value, 'v1');
});
