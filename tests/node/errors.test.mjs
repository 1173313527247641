import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { inspect } from 'node:util';

import * as namespace from '../../node/index.mjs';
import { byKind, errorOf } from '../../node/lib/errors.cjs';
import { makeVault } from './vault.mjs';

const esm = { ...namespace };
const cjs = createRequire(import.meta.url)('../../node/index.cjs');

test('both module systems give the same instance of everything', () => {
  assert.deepEqual(Object.keys(esm).sort(), Object.keys(cjs).sort());
  for (const [name, exported] of Object.entries(cjs)) assert.equal(esm[name], exported, name);
});

test('an error has its class, its fields and the caller in its stack', async () => {
  const { client } = await makeVault({ given: { secrets: [{ name: 'db', state: 'deleted' }] } });
  async function callerOfLibkv() {
    await client.setSecret('db', 'x');
  }
  const error = await callerOfLibkv().catch((caught) => caught);
  assert.ok(error instanceof esm.SoftDeletedError && error instanceof cjs.KeyVaultError && error instanceof Error);
  assert.equal(error.kind, 'soft_deleted');
  assert.deepEqual([error.status, error.statusCode], [409, 409]);
  assert.deepEqual([error.code, error.innerCode], ['Conflict', 'ObjectIsDeletedButRecoverable']);
  assert.match(error.message, /deleted/);
  assert.match(error.advice, /recover/);
  assert.match(error.requestId, /^[0-9a-f-]{36}$/);
  assert.equal(error.attempts, 1);
  assert.ok(error.elapsed > 0 && error.elapsed < 60);
  assert.equal('retryAfter' in error, false);
  assert.match(error.stack, /callerOfLibkv/);
  assert.match(inspect(error), /^SoftDeletedError \[RestError\]: .*advice: /s);
});

test('programs may copy and set what the official client has on an error', async () => {
  const { client } = await makeVault();
  const error = await client.getSecret('none').catch((caught) => caught);
  assert.equal({ ...error }.statusCode, 404);
  assert.equal(JSON.parse(JSON.stringify(error)).statusCode, 404);
  const refused = await client.getSecret('').catch((caught) => caught);
  assert.deepEqual([error.name, refused.name], ['RestError', 'InvalidArgumentError']);
  for (const each of [error, refused, new esm.RestError('made by a test')]) {
    const set = { name: 'Mine', code: 'Own', statusCode: 500, details: {} };
    const { name, code, statusCode, details } = Object.assign(each, set);
    assert.deepEqual({ name, code, statusCode, details }, set);
  }
});

test('a delay that the vault asked for is on the error', async () => {
  const fault = { operation: 'get_secret', times: -1, status: 429, headers: { 'Retry-After': '30' } };
  const { client } = await makeVault({ given: { faults: [fault] } });
  const error = await client.getSecret('db', { timeout: 2000 }).catch((caught) => caught);
  assert.ok(error instanceof esm.ThrottledError);
  assert.equal(error.retryAfter, 30);
});

test('every kind has a class of its own, exported by its name', () => {
  for (const [kind, type] of byKind) {
    assert.equal(esm[type.name], type);
    const inPascalCase = kind.replace(/(?:^|_)([a-z])/g, (_, letter) => letter.toUpperCase());
    assert.equal(type.name, `${inPascalCase}Error`);
  }
  assert.equal(new Set(byKind.values()).size, byKind.size);
});

test('a kind that is not known yet is still an error of libkv', () => {
  const error = errorOf({ kind: 'brand_new', message: 'so', attempts: 0, elapsed: 0 });
  assert.ok(error instanceof esm.KeyVaultError);
  assert.deepEqual([error.kind, error.message, error.name], ['brand_new', 'so', 'KeyVaultError']);
});
