import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import * as libkv from '../../node/index.mjs';
import { classes } from '../../node/lib/errors.cjs';
import native from '../../node/lib/native.cjs';
import { compile } from './compile.mjs';

const ts = createRequire(new URL('../../node/package.json', import.meta.url))('typescript');

const sample = `
  import type { TokenCredential as OfficialCredential } from '@azure/core-auth';
  import { ClientSecretCredential, KeyVaultError, ManagedIdentityCredential, NotFoundError, SecretClient, parseKeyVaultSecretIdentifier } from 'libkv';
  import type { DeletedSecret, KeyVaultSecret, Page, Progress, SecretProperties, SecretResult, SecretVersion } from 'libkv';
  import type { AccessToken, Credential, DiagnosisStep, SecretClientOptions, TokenCredential } from 'libkv';

  const handwritten: TokenCredential = {
    async getToken(scopes, { abortSignal, claims, tenantId } = {}): Promise<AccessToken> {
      abortSignal?.throwIfAborted();
      return { token: [scopes, claims, tenantId].join(), expiresOnTimestamp: Date.now() };
    },
  };
  const nothing = { getToken: async () => null };

  export const clients = [
    undefined, {} as OfficialCredential, handwritten, nothing, new ManagedIdentityCredential('client'),
    new ManagedIdentityCredential({ resourceId: 'resource' }),
  ].map((credential: Credential | undefined) => new SecretClient('https://kv.vault.azure.net', credential));

  // What a program written for the official client makes itself, such as in tests.
  export const fake: KeyVaultSecret = { name: 'db', value: 'x', properties: { vaultUrl: 'https://kv', name: 'db' } };

  export async function use(signal: AbortSignal): Promise<void> {
    const options: SecretClientOptions = { retry: { maxAttempts: 3 }, timeoutMs: 1000, 'retry.base_delay_ms': 1 };
    await using client = new SecretClient('https://kv.vault.azure.net', new ClientSecretCredential('t', 'c', 's'), options);
    const secret: KeyVaultSecret = await client.setSecret('db', 'x', { tags: { a: 'b' }, expiresOn: new Date() });
    await client.setSecret('db', 'y', { contentType: 'text/plain', onConflict: 'recover' });
    const created: Date | undefined = secret.properties.createdOn;
    const { value }: { value: string } = await client.getSecret('db', { version: '', abortSignal: signal, timeout: 5 });
    for await (const one of client.listPropertiesOfSecrets({ maxPageSize: 5 })) one satisfies SecretProperties;
    for await (const page of client.listDeletedSecrets().byPage({ maxPageSize: 5, continuationToken: 'x' })) {
      page satisfies Page<DeletedSecret> & DeletedSecret[];
      const token: string | undefined = page.continuationToken;
    }
    for await (const { name, secret, error } of client.getSecrets({ names: ['db'], concurrency: 5, abortSignal: signal })) {
      if (error) console.error(name, error.kind satisfies string);
      else secret.value satisfies string;
    }
    const onProgress = ({ done, total }: Progress) => console.log(done / (total ?? Infinity));
    for await (const result of client.setSecrets(new Map([['db', 'x']]), { ifChanged: true, onProgress })) {
      result satisfies SecretResult;
    }
    client.setSecrets({ db: 'x' }, { ifAbsent: true }) satisfies AsyncIterableIterator<SecretResult>;
    const missing: KeyVaultSecret | undefined = await client.tryGetSecret('db', { version: '' });
    const [newest]: SecretVersion[] = await client.getSecretHistory('db');
    const again: KeyVaultSecret = await client.rollbackSecret('db', newest?.version ?? '');
    const disabled: SecretProperties[] = await client.pruneSecretVersions('db', 3);
    const deleted: DeletedSecret = await (await client.beginDeleteSecret('db')).pollUntilDone();
    const failed: DiagnosisStep | undefined = (await client.diagnose({ timeout: 5 })).find((step) => step.verdict === 'failed');
    const backup: Uint8Array = await client.backupSecret('db');
    const restored: SecretProperties = await client.restoreSecretBackup(backup);
    const version: string | undefined = parseKeyVaultSecretIdentifier(restored.id ?? '').version;
    try {
      await client.purgeDeletedSecret(deleted.name, { wait: true });
    } catch (error) {
      if (error instanceof NotFoundError) return;
      if (error instanceof KeyVaultError && error.statusCode === 403) console.log(error.advice, error.innerCode);
    }
  }
`;

/** What `strict` does not ask for, and programs do. */
const STRICTER = [
  'exactOptionalPropertyTypes',
  'isolatedModules',
  'noImplicitOverride',
  'noPropertyAccessFromIndexSignature',
  'noUncheckedIndexedAccess',
].map((flag) => `--${flag}`);

test('a program that uses everything compiles, as an ES module and as CommonJS', () => {
  for (const flags of [[], STRICTER]) {
    assert.equal(compile({ 'sample.mts': sample, 'sample.cts': sample }, ['--module', 'nodenext', ...flags]), '');
  }
});

test('the examples compile', () => {
  const examples = new URL('../../examples/', import.meta.url);
  const names = readdirSync(examples).filter((name) => name.endsWith('.mjs'));
  assert.ok(names.length > 0);
  const programs = names.map((name) => [name, readFileSync(new URL(name, examples), 'utf8')]);
  // Where a program is run is the programmer's to say.
  const variables = 'declare namespace NodeJS { interface ProcessEnv { VAULT_URL: string; VAULT_TOKEN: string } }';
  const flags = ['--module', 'nodenext', '--allowJs', '--checkJs'];
  assert.equal(compile({ ...Object.fromEntries(programs), 'variables.d.ts': variables }, flags), '');
});

test('types are found in every way in which TypeScript looks for modules', () => {
  const program = `
    import { SecretClient, NotFoundError } from 'libkv';
    import { startEmulator } from 'libkv/testing';
    export const client: SecretClient = new SecretClient('https://kv.vault.azure.net');
    export const error: NotFoundError | undefined = undefined;
    export const emulator: ReturnType<typeof startEmulator> = startEmulator();
    // @ts-expect-error What is not there is not any.
    client.nothing;
  `;
  const ways = [
    ['--module', 'nodenext'],
    ['--module', 'node16'],
    ['--module', 'esnext', '--moduleResolution', 'bundler'],
  ];
  for (const flags of ways) assert.equal(compile({ 'found.ts': program }, flags), '', flags.join(' '));
  // TypeScript 7 has no such way any more.
  const oldest = ['--module', 'commonjs', '--moduleResolution', 'node10'];
  assert.equal(compile({ 'found.ts': program }, oldest, ['typescript']), '');
});

test('what is wrong does not compile', () => {
  const wrong = [
    `client.getSecret('db', { versoin: '' });`,
    `client.setSecret('db', 5);`,
    `client.setSecret('db', 'x', { onConflict: 'overwrite' });`,
    `client.setSecrets([['db', 'x']]);`,
    `client.setSecrets({ db: 5 });`,
    `client.getSecrets({ ifAbsent: true });`,
    `(await client.tryGetSecret('db')).value;`,
    `for await (const { secret } of client.getSecrets()) secret.value;`,
    `client.pruneSecretVersions('db');`,
    `client.updateSecretProperties('db');`,
    `client.updateSecretProperties('db', '', { onConflict: 'recover' });`,
    `client.restoreSecretBackup('blob');`,
    `new SecretClient('https://kv.vault.azure.net', { getToken() {} });`,
    `new SecretClient('https://kv.vault.azure.net', { getToken: async () => ({ token: 'x' }) });`,
    `new SecretClient('https://kv.vault.azure.net', {});`,
    `new ManagedIdentityCredential({ tenantId: 't' });`,
    `new SecretClient('https://kv.vault.azure.net', undefined, { retry: { maxTries: 3 } });`,
    `new SecretClient('https://kv.vault.azure.net', undefined, { timeout: 3 });`,
    `new SecretClient('https://kv.vault.azure.net', undefined, { agent: undefined });`,
    `client.getSecret('db', { requestOptions: { headers: {} } });`,
    `client.getSecret('db', { intervalInMs: 5 });`,
    `(await client.beginDeleteSecret('db')).getResult().name;`,
  ];
  const program = [
    "import { ManagedIdentityCredential, SecretClient } from 'libkv';",
    'declare const client: SecretClient;',
    ...wrong,
  ].join('\n');
  const lines = compile({ 'wrong.mts': program }).match(/(?<=wrong\.mts\()\d+/g);
  assert.deepEqual(
    [...new Set(lines)].map(Number),
    wrong.map((_, index) => index + 3),
  );
});

test('every option, export and error is declared', () => {
  const camelCase = (key) => key.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  // A key that is in the interface by itself and not by the index signature for flat keys.
  const option = (key) => {
    const [group, member] = camelCase(key).split('.');
    if (member === undefined) return `declared<'${group}'>();`;
    return group === 'credential' ? `declared<'${group}.${member}'>();` : `member<'${group}', '${member}'>();`;
  };
  const errors = Object.keys(classes).map((name) => `libkv.${name}.prototype satisfies libkv.KeyVaultError;`);
  const exported = Object.keys(libkv).map((name) => `void libkv.${name};`);
  const program = `
    import * as libkv from 'libkv';
    type Options = libkv.SecretClientOptions;
    type Known = keyof { [K in keyof Options as string extends K ? never : \`\${string}.\${string}\` extends K ? never : K]: 1 };
    declare function declared<K extends Known>(): void;
    declare function member<K extends Known, M extends keyof NonNullable<Options[K]>>(): void;
    ${[...native.optionKeys().map(option), ...errors, ...exported].join('\n')}
  `;
  assert.equal(compile({ 'complete.mts': program }), '');
});

test('editors show what each export, method and option is for', () => {
  const root = new URL('../../node/', import.meta.url);
  const entries = ['index.d.mts', 'testing.d.mts'].map((name) => fileURLToPath(new URL(name, root)));
  const program = ts.createProgram(entries, { module: ts.ModuleKind.NodeNext, lib: ['lib.es2022.d.ts'], types: [] });
  const checker = program.getTypeChecker();
  const isBare = (symbol) => symbol.getDocumentationComment(checker).length === 0;
  const bare = [];
  const { Alias, Method } = ts.SymbolFlags;
  for (const entry of entries) {
    for (const exported of checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)))) {
      const symbol = exported.flags & Alias ? checker.getAliasedSymbol(exported) : exported;
      if (isBare(symbol)) bare.push(symbol.name);
      const isShown = ({ name, flags }) =>
        flags & Method || (symbol.name.endsWith('Options') && !name.startsWith('__'));
      const members = [...(symbol.members?.values() ?? [])].filter(isShown);
      bare.push(...members.filter(isBare).map(({ name }) => `${symbol.name}.${name}`));
    }
  }
  // They are the platform's.
  const known = ['TracingContext.getValue', 'AbortSignalLike.addEventListener', 'AbortSignalLike.removeEventListener'];
  assert.deepEqual([...new Set(bare)].sort(), known.sort());
});

test('a test that starts a local vault compiles, as an ES module and as CommonJS', () => {
  const program = `
    import { SecretClient, StaticTokenCredential } from 'libkv';
    import { startEmulator, type Emulator, type State, type Vault } from 'libkv/testing';

    export async function use(): Promise<void> {
      await using emulator: Emulator = await startEmulator({ flags: ['--token', 'mine'] });
      const vault: Vault = emulator.vault();
      await vault.reset({ secrets: [{ name: 'db', value: 'x' }] });
      const clients: SecretClient[] = [
        emulator.client(),
        vault.client({ timeoutMs: 5000 }, emulator.credential satisfies StaticTokenCredential),
        new SecretClient(emulator.vaultUrl, emulator.credential, { caFile: emulator.caFile }),
      ];
      await emulator.advance(1.5);
      const state: State = await emulator.exportState();
      await emulator.importState(state);
      const { counts, requests } = await vault.requests();
      counts['get_secret db'] satisfies number | undefined;
      requests[0]?.status satisfies number | null | undefined;
      await emulator.control('PUT', '/applications/app', { client_secrets: ['s'] });
    }
  `;
  assert.equal(compile({ 'testing.mts': program, 'testing.cts': program }), '');
});
