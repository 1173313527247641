// The Node adapter: speaks the line protocol of tests/README.md for the package `libkv`.

import { createInterface } from 'node:readline';

import * as libkv from '../../node/index.mjs';
import { byKind, FIELDS as ERROR } from '../../node/lib/errors.cjs';
import { DELETION, PROPERTIES, STATS } from '../../node/lib/models.cjs';
import native from '../../node/lib/native.cjs';

const camelCase = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const snakeCase = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const date = (seconds) => new Date(seconds * 1000);
const boolean = (text) => ({ true: true, false: false })[text] ?? String(text);

/** The arguments that go by position, where they are not the name alone; the others are options. */
const POSITIONAL = {
  set_secret: ['name', 'value'],
  update_secret_properties: ['name', 'version'],
  list_properties_of_secrets: [],
  list_deleted_secrets: [],
  restore_secret_backup: ['backup'],
  stats: [],
};

/** Arguments that are options here: the name and the type. */
const OPTIONS = {
  version: ['version', String],
  content_type: ['contentType', String],
  enabled: ['enabled', boolean],
  not_before: ['notBefore', date],
  expires_on: ['expiresOn', date],
  on_conflict: ['onConflict', String],
  max_page_size: ['maxPageSize', Number],
  timeout_ms: ['timeout', Number],
  tags: ['tags', (value, key, { tags }) => (key === 'tags.none' ? {} : { ...tags, [key.slice(5)]: `${value}` })],
};

const clients = new Map();

const verbs = {
  OPEN({ client, vault_url, ...pairs }) {
    const options = Object.entries(pairs).map(([key, value]) => [key.slice('o.'.length), String(value)]);
    clients.set(`${client}`, new libkv.SecretClient(`${vault_url}`, undefined, Object.fromEntries(options)));
    return {};
  },

  async CALL({ client: id, op, ...pairs }) {
    const client = clients.get(`${id}`) ?? refuse(`client ${id}`);
    const args = new Map(Object.entries(pairs).map(([key, value]) => [key.slice('a.'.length), value]));
    const take = (key) => {
      const value = args.get(key);
      args.delete(key);
      return key === 'backup' ? value : value?.toString();
    };
    const method = client[camelCase(`${op}`)] ?? refuse(`operation ${op}`);
    const positional = (POSITIONAL[op] ?? ['name']).map(take);
    if (`${op}` === 'update_secret_properties') positional[1] ??= '';
    const settings = { wait: take('wait'), continuationToken: take('continuation_token'), maxPages: take('max_pages') };
    const options = optionsOf(args);
    return answer(await method.call(client, ...positional, options), settings, options);
  },

  CLOSE({ client }) {
    clients.get(`${client}`)?.close();
    clients.delete(`${client}`);
    return {};
  },

  DESCRIBE() {
    const methods = Object.getOwnPropertyNames(libkv.SecretClient.prototype).filter((name) => name !== 'constructor');
    const coreNames = (fields) => Object.values(fields).map(([name]) => name);
    return {
      operations: methods.map(snakeCase).join(),
      options: native.optionKeys().join(),
      error_kinds: [...byKind.keys()].join(),
      'fields.secret_properties': coreNames(PROPERTIES).join(),
      'fields.deleted_secret': coreNames({ ...PROPERTIES, ...DELETION }).join(),
      'fields.error': Object.values(ERROR).join(),
      'fields.stats': coreNames(STATS).join(),
    };
  },
};

function optionsOf(args) {
  const options = {};
  for (const [key, value] of args) {
    const [name, type] = OPTIONS[key.startsWith('tags.') ? 'tags' : key] ?? refuse(`argument ${key}`);
    options[name] = type(value, key, options);
  }
  return options;
}

async function answer(result, { wait, continuationToken, maxPages = Infinity }, options) {
  if (result === undefined) return {};
  if (result instanceof Uint8Array) return { backup: result };
  if (result.pollUntilDone) {
    if (wait === 'true') await result.pollUntilDone(options);
    return { ...fieldsOf(result.getResult()), done: result.isDone() };
  }
  if (!result.byPage) return fieldsOf(result);
  const reply = { count: 0, pages: 0 };
  for await (const page of result.byPage({ continuationToken })) {
    for (const item of page) Object.assign(reply, under(`${reply.count++}.`, fieldsOf(item)));
    reply.continuation_token = page.continuationToken;
    if (++reply.pages >= maxPages) break;
  }
  return reply;
}

/** A model's fields in the core's names and the protocol's values. */
function fieldsOf(model) {
  const flat = { ...model, ...model.properties };
  const pairs = { value: model.value, ...under('tags.', flat.tags ?? {}) };
  for (const [field, [name]] of Object.entries({ ...PROPERTIES, ...DELETION, ...STATS })) {
    const value = flat[field];
    if (name !== 'tags') pairs[name] = value instanceof Date ? value.getTime() / 1000 : value;
  }
  return pairs;
}

const under = (prefix, pairs) => Object.fromEntries(Object.entries(pairs).map(([key, value]) => [prefix + key, value]));

function refuse(what) {
  throw new Error(`the adapter does not know the ${what}`);
}

function failure(error) {
  if (!(error instanceof libkv.KeyVaultError)) return { kind: 'adapter', message: error.stack };
  return Object.fromEntries(Object.entries(ERROR).map(([field, name]) => [name, error[field]]));
}

const escaped = (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
const encode = (value) => {
  const bytes = Buffer.from(value instanceof Uint8Array ? value : `${value}`);
  return bytes.toString('latin1').replace(/[^A-Za-z0-9._-]/g, escaped);
};
const unescaped = (_, hex) => String.fromCharCode(Number.parseInt(hex, 16));
const decode = (text) => Buffer.from(text.replace(/%(..)/g, unescaped), 'latin1');

for await (const line of createInterface({ input: process.stdin })) {
  const [id, verb, ...words] = line.split(' ');
  const pairs = words.map((word) => word.split('=').map(decode));
  let [status, reply] = ['OK'];
  try {
    reply = await (verbs[verb] ?? refuse(verb))(Object.fromEntries(pairs));
  } catch (error) {
    [status, reply] = ['ERR', failure(error)];
  }
  const fields = Object.entries(reply).filter(([, value]) => value !== undefined);
  process.stdout.write(`${[id, status, ...fields.map((pair) => pair.map(encode).join('='))].join(' ')}\n`);
}
