'use strict';

const { inspect } = require('node:util');

const date = (seconds) => new Date(seconds * 1000);
const number = Number;
const same = (value) => value;

/** A model's fields by their official names: the core's name, and how its value is shaped. */
const PROPERTIES = {
  vaultUrl: ['vault_url', same],
  name: ['name', same],
  version: ['version', same],
  id: ['id', same],
  contentType: ['content_type', same],
  enabled: ['enabled', same],
  notBefore: ['not_before', date],
  expiresOn: ['expires_on', date],
  createdOn: ['created_on', date],
  updatedOn: ['updated_on', date],
  tags: ['tags', same],
  recoverableDays: ['recoverable_days', same],
  recoveryLevel: ['recovery_level', same],
  managed: ['managed', same],
  certificateKeyId: ['key_id', same],
  previousVersion: ['previous_version', same],
};

const DELETION = {
  recoveryId: ['recovery_id', same],
  deletedOn: ['deleted_date', date],
  scheduledPurgeDate: ['scheduled_purge_date', date],
};

const SECRET = {
  value: ['value', same],
  properties: ['properties', secretProperties],
  stale: ['stale', same],
};

const VERSION = {
  version: ['version', same],
  current: ['current', same],
};

const DIAGNOSIS_STEP = {
  name: ['name', same],
  verdict: ['verdict', same],
  elapsed: ['elapsed', same],
  detail: ['detail', same],
  advice: ['advice', same],
};

const STATS = {
  operations: ['operations', number],
  requests: ['requests', number],
  retries: ['retries', number],
  throttled: ['throttled', number],
  waitedMs: ['waited_ms', number],
  tokens: ['tokens', number],
  cacheHits: ['cache_hits', number],
  settled: ['settled', number],
};

/** Shapes a record of the core; what it does not have is left out. */
function shape(fields, record) {
  const model = {};
  for (const [field, [key, convert]] of Object.entries(fields)) {
    if (record[key] != null) model[field] = convert(record[key]);
  }
  return model;
}

function secretProperties(record) {
  return shape(PROPERTIES, record);
}

const secretVersion = (record) => ({
  name: record.name,
  ...shape(VERSION, record),
  properties: secretProperties(record),
});

const deletedSecret = (record) => {
  const deletion = shape(DELETION, record);
  // The official client has what tells of the deletion in both places.
  return { name: record.name, properties: { ...secretProperties(record), ...deletion }, ...deletion };
};

const diagnosisStep = (record) => shape(DIAGNOSIS_STEP, record);

const stats = (record) => shape(STATS, record);

/** Shapes a secret: a plain object whose printed form does not show the value. */
function secret(record) {
  const model = { name: record.properties.name, ...shape(SECRET, record) };
  return Object.defineProperty(model, inspect.custom, { value: redacted });
}

function redacted(_depth, options, inspectAgain) {
  return `KeyVaultSecret ${inspectAgain({ ...this, value: '[redacted]' }, options)}`;
}

module.exports = {
  DELETION,
  DIAGNOSIS_STEP,
  PROPERTIES,
  SECRET,
  STATS,
  VERSION,
  deletedSecret,
  diagnosisStep,
  secret,
  secretProperties,
  secretVersion,
  stats,
};
