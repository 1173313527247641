// Rotates secrets: gives each a new value, shows its versions, and reads the old value back by its id.
//
//   VAULT_URL=https://contoso.vault.azure.net VAULT_TOKEN=… node rotate.mjs [NAME…]
//
// Without names it takes the first ten plain-text passwords, tokens and keys of the vault. It prints no value.
import { randomBytes } from 'node:crypto';

import { parseKeyVaultSecretIdentifier, SecretClient, StaticTokenCredential } from 'libkv';

const { VAULT_URL, VAULT_TOKEN, VAULT_CA_FILE } = process.env;
const client = new SecretClient(VAULT_URL, new StaticTokenCredential(VAULT_TOKEN), { caFile: VAULT_CA_FILE });

/** What its name says is a password or alike, and not a host or a port that a random text would break. */
const ROTATABLE = /(password|passphrase|secret|token|key|salt)$/i;

/**
 * Chooses secrets by name and content type. A list carries no values: it costs one request for 25 secrets.
 *
 * @param {number} count
 */
async function chooseNames(count) {
  const names = [];
  for await (const { name, contentType, enabled, managed } of client.listPropertiesOfSecrets()) {
    if (ROTATABLE.test(name) && contentType === 'text/plain' && enabled && !managed) names.push(name);
    if (names.length === count) break;
  }
  return names;
}

/**
 * Gives a secret a new value. A new version inherits nothing, so the content type and the tags are handed on.
 *
 * @param {string} name
 */
async function rotate(name) {
  const old = await client.getSecret(name);
  const { contentType, tags } = old.properties;
  const current = await client.setSecret(name, randomBytes(24).toString('base64url'), { contentType, tags });
  return { old, current };
}

/**
 * Reads a version by its id, as another program may have stored it.
 *
 * @param {string} id
 */
async function readById(id) {
  const { name, version } = parseKeyVaultSecretIdentifier(id);
  return client.getSecret(name, { version });
}

const names = process.argv.length > 2 ? process.argv.slice(2) : await chooseNames(10);
if (names.length === 0) throw new Error('the vault has no plain-text password, token or key');
console.log(`Rotating ${names.length} secrets of ${client.vaultUrl}`);

const rotated = await Promise.all(names.map(rotate));

let versionCount = 0;
for (const { old, current } of rotated) {
  console.log(`\n  ${current.name}`);
  for (const { version, properties, current: isCurrent } of await client.getSecretHistory(current.name)) {
    console.log(`    ${version}  ${properties.createdOn?.toISOString()}${isCurrent ? '  current' : ''}`);
    versionCount++;
  }
  const { id = '' } = old.properties;
  const again = await readById(id);
  if (again.value !== old.value || again.value === current.value) {
    throw new Error(`${current.name}: version ${old.properties.version} does not hold the old value`);
  }
  console.log(`    ${old.properties.version} still holds the old value`);
}

const { requests, throttled } = client.stats();
console.log(`\n  ${requests} requests, ${throttled} of them throttled\n`);
console.log(`=> ${rotated.length} secrets rotated, ${versionCount} versions listed, every old value read by its id`);
