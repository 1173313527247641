import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { facts } from './vault.mjs';

/** The tests of the official client's suite in which libkv is another client, and how. */
const DIFFERENT = {
  'bad input is refused': 'libkv refuses it itself, before anything is sent',
  'a throttled call tells so': 'libkv waits the throttling out, until its deadline',
  'a call that takes longer than it may rejects with an AbortError': "libkv's is a TimeoutError",
  'a wrong client secret gets no token': "the credential's own error is the cause of libkv's",
  'a secret that is there needs no recovery': 'libkv tells that none of the name is deleted, in every language',
  'a set gives every property back': 'libkv says that a secret is not managed where the official client says nothing',
};

test('the official client’s suite passes with its import changed and nothing else', async () => {
  const folder = new URL('../interop/javascript/', import.meta.url);
  const files = ['deleted', 'errors', 'lists', 'pollers', 'secrets'].map((name) => `${name}.test.mjs`);
  const env = {
    ...process.env,
    NODE_EXTRA_CA_CERTS: facts.ca_file,
    // The authority is asked by a name that every resolver knows.
    AZURE_AUTHORITY_HOST: `https://localhost:${new URL(facts.vault_url).port}`,
    AZURE_TENANT_ID: facts.tenant,
    AZURE_CLIENT_ID: 'app',
    AZURE_CLIENT_SECRET: 's3cr3t',
    INTEROP_VAULT_URL: facts.vault_url,
    INTEROP_CONTROL_URL: facts.control_url,
  };
  // A test file that is told of a runner above it reports to that one.
  delete env.NODE_TEST_CONTEXT;
  const hook = new URL('change_import.mjs', import.meta.url).href;
  // The runner tries the pattern on its root, too, and what the root matches all tests do.
  const pattern = `^(?!(<root>|${Object.keys(DIFFERENT).join('|')})$)`;
  const command = ['--import', hook, '--test', '--test-reporter=tap', `--test-name-pattern=${pattern}`, ...files];
  const ran = await promisify(execFile)(process.execPath, command, { cwd: folder, env, timeout: 120_000 }).catch(
    (failure) => failure,
  );
  const count = (what) => Number(ran.stdout.match(new RegExp(`^# ${what} (\\d+)$`, 'm'))?.[1]);
  assert.equal(count('fail'), 0, ran.stdout);
  assert.deepEqual([count('tests') - count('pass'), count('skipped')], Array(2).fill(Object.keys(DIFFERENT).length));
  assert.ok(count('pass') > 30, ran.stdout);
});
