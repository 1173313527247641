// The Node adapter: speaks the line protocol of tests/README.md for the package `libkv`.

import { createInterface } from 'node:readline';

import * as libkv from '../../node/index.mjs';
import { byKind, FIELDS as ERROR } from '../../node/lib/errors.cjs';
import { DELETION, DIAGNOSIS_STEP, PROPERTIES, SECRET, STATS, VERSION } from '../../node/lib/models.cjs';
import native from '../../node/lib/native.cjs';
import { takeEvents } from './node_events.mjs';

const camelCase = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const snakeCase = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const date = (seconds) => new Date(seconds * 1000);
const boolean = (text) => ({ true: true, false: false })[text] ?? String(text);

/** The arguments that go by position, where they are not the name alone; the others are options. */
const POSITIONAL = {
  set_secret: ['name', 'value'],
  set_secrets: ['values'],
  get_secrets: [],
  rollback_secret: ['name', 'version'],
  prune_secret_versions: ['name', 'keep'],
  update_secret_properties: ['name', 'version'],
  list_properties_of_secrets: [],
  list_deleted_secrets: [],
  restore_secret_backup: ['backup'],
  diagnose: [],
  stats: [],
};

/** How an argument is read from its bytes; one of several parts also from the part's key and what there is so far. */
const TYPES = {
  name: String,
  value: String,
  version: String,
  content_type: String,
  on_conflict: String,
  prefix: String,
  continuation_token: String,
  enabled: boolean,
  if_changed: boolean,
  if_absent: boolean,
  wait: boolean,
  not_before: date,
  expires_on: date,
  concurrency: Number,
  keep: Number,
  max_page_size: Number,
  max_pages: Number,
  polling_interval_ms: Number,
  level: String,
  timeout_ms: Number,
  backup: (bytes) => bytes,
  names: (name, place, names) => (place === 'none' ? [] : Object.assign(names ?? [], { [place]: String(name) })),
  tags: (tag, key, tags) => (key === 'none' ? {} : { ...tags, [key]: String(tag) }),
  values: (value, name, values = new Map()) => values.set(name, String(value)),
};

/** The options of the official client that have other names. */
const OFFICIAL = { polling_interval_ms: 'intervalInMs', continuation_token: 'resumeFrom' };

/** How a result that is not one model is answered. */
const ANSWERS = {
  try_get_secret: (secret) => ({ found: secret !== undefined, ...fieldsOf(secret ?? {}) }),
  get_secrets: results,
  set_secrets: results,
  get_secret_history: items,
  prune_secret_versions: items,
  diagnose: items,
  list_properties_of_secrets: pages,
  list_properties_of_secret_versions: pages,
  list_deleted_secrets: pages,
  begin_delete_secret: polled,
  begin_recover_deleted_secret: polled,
  purge_deleted_secret: () => ({}),
  backup_secret: (backup) => ({ backup }),
};

const FIELDS = { ...SECRET, ...VERSION, ...PROPERTIES, ...DELETION, ...DIAGNOSIS_STEP, ...STATS };

const clients = new Map();

const verbs = {
  OPEN({ client, vault_url, ...pairs }) {
    const options = Object.entries(pairs).map(([key, value]) => [key.slice('o.'.length), String(value)]);
    clients.set(`${client}`, new libkv.SecretClient(`${vault_url}`, undefined, Object.fromEntries(options)));
    return {};
  },

  async CALL({ client: id, op, ...pairs }) {
    if (`${op}` === 'log') return log(argumentsOf(pairs));
    const client = clients.get(`${id}`) ?? refuse(`client ${id}`);
    const method = client[camelCase(`${op}`)] ?? refuse(`operation ${op}`);
    const args = argumentsOf(pairs);
    const take = (name) => {
      const value = args[name];
      delete args[name];
      return value;
    };
    const positional = (POSITIONAL[op] ?? ['name']).map(take);
    if (`${op}` === 'update_secret_properties') positional[1] ??= '';
    const settings = { maxPages: take('max_pages'), told: [] };
    if (ANSWERS[op] === pages) settings.continuationToken = take('continuation_token');
    if (ANSWERS[op] === polled) settings.wait = take('wait');
    if (ANSWERS[op] === results) args.on_progress = (progress) => settings.told.push(progress);
    const named = (name) => OFFICIAL[name] ?? camelCase(name.replace(/_ms$/, ''));
    const options = Object.fromEntries(Object.entries(args).map(([name, value]) => [named(name), value]));
    return (ANSWERS[op] ?? fieldsOf)(await method.call(client, ...positional, options), settings, options);
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
      'fields.secret': coreNames(SECRET).join(),
      'fields.secret_version': coreNames({ ...PROPERTIES, ...VERSION }).join(),
      'fields.secret_properties': coreNames(PROPERTIES).join(),
      'fields.deleted_secret': coreNames({ ...PROPERTIES, ...DELETION }).join(),
      'fields.diagnosis_step': coreNames(DIAGNOSIS_STEP).join(),
      'fields.error': Object.values(ERROR).join(),
      'fields.stats': coreNames(STATS).join(),
    };
  },
};

function argumentsOf(pairs) {
  const args = {};
  for (const [key, value] of Object.entries(pairs)) {
    const [, name, part] = key.match(/^a\.(\w+)\.?(.*)/);
    const type = TYPES[name] ?? refuse(`argument ${name}`);
    args[name] = type(value, part, args[name]);
  }
  return args;
}

async function polled(poller, { wait }, { timeout }) {
  if (wait) await poller.pollUntilDone({ timeout });
  const { lookCount } = poller.getOperationState();
  const result = fieldsOf(poller.getResult() ?? {});
  return { ...result, done: poller.isDone(), look_count: lookCount, continuation_token: `${poller}` };
}

async function pages(list, { continuationToken, maxPages = Infinity }) {
  const reply = { count: 0, pages: 0 };
  for await (const page of list.byPage({ continuationToken })) {
    for (const item of page) Object.assign(reply, under(`${reply.count++}.`, fieldsOf(item)));
    reply.continuation_token = page.continuationToken;
    if (++reply.pages >= maxPages) break;
  }
  return reply;
}

async function log({ level }) {
  const events = (await takeEvents(level)).map(Object.entries);
  const named = events.map((event) => Object.fromEntries(event.map(([field, value]) => [snakeCase(field), value])));
  const replies = named.map((event, place) => under(`${place}.`, event));
  return Object.assign({ count: events.length, all: events.flat(2).join(' ') }, ...replies);
}

function items(models) {
  const replies = models.map((model, place) => under(`${place}.`, fieldsOf(model)));
  return Object.assign({ count: models.length }, ...replies);
}

async function results(iterator, { told }) {
  const reply = { count: 0 };
  for await (const { name, secret, error } of iterator) {
    const fields = error ? under('error.', failure(error)) : fieldsOf(secret);
    Object.assign(reply, under(`${reply.count++}.`, { ...fields, name }));
  }
  return { ...reply, ...under('progress.', { calls: told.length, ...told.at(-1) }) };
}

/** A model's fields in the core's names and the protocol's values. */
function fieldsOf(model) {
  const { tags, properties, ...flat } = { ...model, ...model.properties };
  const pairs = under('tags.', tags ?? {});
  for (const [field, [name]] of Object.entries(FIELDS)) {
    const value = flat[field];
    pairs[name] = value instanceof Date ? value.getTime() / 1000 : value;
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
