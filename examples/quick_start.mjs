// Writes a secret, reads it back, and shows what an error says.
import { NotFoundError, SecretClient, StaticTokenCredential } from 'libkv';

const { VAULT_URL, VAULT_TOKEN, VAULT_CA_FILE } = process.env;
const client = new SecretClient(VAULT_URL, new StaticTokenCredential(VAULT_TOKEN), { caFile: VAULT_CA_FILE });

const written = await client.setSecret('greeting-node', 'hello', { contentType: 'text/plain' });
console.log('wrote', written.name, 'version', written.properties.version);

const read = await client.getSecret('greeting-node');
console.log('read', read.value.length, 'characters');

try {
  await client.getSecret('no-such-secret');
} catch (error) {
  if (!(error instanceof NotFoundError)) throw error;
  console.log(String(error));
}
