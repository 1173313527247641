'use strict';

const { inspect } = require('node:util');

const date = (seconds) => new Date(seconds * 1000);
const number = Number;
const same = (value) => value;

/**
 * A model's fields by their official names: the core's name, and how its value is shaped. With a secret the addon gives values
 * in this order, without names.
 */
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

/** A secret's own fields, in the order in which the addon gives them. */
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

/**
 * Makes the function that shapes a record of the core, of which values are found by name, or `inOrder`; what it does not have is
 * left out.
 */
function shaper(fields, { inOrder = false } = {}) {
  const rows = Object.entries(fields).map(([field, [key, convert]], place) => {
    return { field, at: inOrder ? place : key, convert };
  });
  return (record) => {
    const model = {};
    for (const { field, at, convert } of rows) {
      const value = record[at];
      if (value != null) model[field] = convert === same ? value : convert(value);
    }
    return model;
  };
}

const secretProperties = shaper(PROPERTIES);
const orderedProperties = shaper(PROPERTIES, { inOrder: true });
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

/** Shapes a secret: a plain object whose printed form does not show the value. */
function readSecret(values) {
  const properties = orderedProperties(JSON.parse(values[1]));
  const model = { name: properties.name, value: values[0], properties, stale: values[2] };
  return Object.defineProperty(model, inspect.custom, REDACTION);
}

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
  readSecret,
  readStats: reader(shaper(STATS)),
};
