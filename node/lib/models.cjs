'use strict';

const { inspect } = require('node:util');

const native = require('./native.cjs');

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

/** A secret's own fields. */
const SECRET = {
  value: ['value', same],
  properties: ['properties', same],
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

/** Makes the function that shapes a record of the core; what it does not have is left out. */
function shaper(fields) {
  const rows = Object.entries(fields).map(([field, [key, convert]]) => ({ field, key, convert }));
  return (record) => {
    const model = {};
    for (const { field, key, convert } of rows) {
      const value = record[key];
      if (value != null) model[field] = convert === same ? value : convert(value);
    }
    return model;
  };
}

const secretProperties = shaper(PROPERTIES);
const deletion = shaper(DELETION);
const version = shaper(VERSION);

const secretVersion = (record) => ({
  name: record.name,
  ...version(record),
  properties: secretProperties(record),
});

const deletedSecret = (record) => {
  const about = deletion(record);
  // The official client has what tells of the deletion in both places.
  return { name: record.name, properties: { ...secretProperties(record), ...about }, ...about };
};

const REDACTION = {
  value(_depth, options, inspectAgain) {
    return `KeyVaultSecret ${inspectAgain({ ...this, value: '[redacted]' }, options)}`;
  },
};

/**
 * Shapes a secret: a plain object whose printed form does not show the value. What few secrets have, or have otherwise, comes as the
 * record `others`.
 */
function shapeSecret(value, vaultUrl, name, version, id, createdOn, updatedOn, recoverableDays, recoveryLevel, others) {
  const properties = { vaultUrl, name, id, enabled: true, tags: {}, managed: false };
  if (version !== null) properties.version = version;
  if (createdOn !== null) properties.createdOn = date(createdOn);
  if (updatedOn !== null) properties.updatedOn = date(updatedOn);
  if (recoverableDays !== null) properties.recoverableDays = recoverableDays;
  if (recoveryLevel !== null) properties.recoveryLevel = recoveryLevel;
  const secret = { name, value, properties, stale: false };
  if (others !== null) {
    const record = JSON.parse(others);
    secret.stale = record.stale === true;
    Object.assign(properties, secretProperties(record));
  }
  return Object.defineProperty(secret, inspect.custom, REDACTION);
}

native.shapeSecretsBy(shapeSecret);

/** Make the readers of what the addon gives as JSON: one record, or a list of them. */
const reader = (shape) => (json) => shape(JSON.parse(json));
const listReader = (shape) => (json) => JSON.parse(json).map((record) => shape(record));

module.exports = {
  DELETION,
  DIAGNOSIS_STEP,
  PROPERTIES,
  SECRET,
  STATS,
  VERSION,
  readDeletedSecret: reader(deletedSecret),
  readDeletedSecrets: listReader(deletedSecret),
  readDiagnosis: listReader(shaper(DIAGNOSIS_STEP)),
  readHistory: listReader(secretVersion),
  readProperties: reader(secretProperties),
  readPropertiesList: listReader(secretProperties),
  readStats: reader(shaper(STATS)),
};
