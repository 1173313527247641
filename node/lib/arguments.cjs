'use strict';

const { types } = require('node:util');

const { refusal } = require('./errors.cjs');

const MAX_COUNT = 2 ** 32 - 1;

/**
 * Each rule takes an argument's name and value, and returns the value as the addon takes it or throws an
 * InvalidArgumentError that names both. What the core checks by itself (lengths, ranges, characters) is left to it.
 */
function rule(accepts, text, convert = (value) => value) {
  return (name, value) => {
    if (!accepts(value)) throw refusal('invalid_argument', name, `must be ${text}, got ${kindOf(value)}`);
    return convert(value);
  };
}

/** Names what was given without showing it: it could be a secret. */
function kindOf(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (Number.isNaN(value)) return 'NaN';
  if (typeof value === 'number') return value < 0 ? 'a negative number' : 'a number';
  if (typeof value === 'string') return value.isWellFormed() ? 'a string' : 'a string with half a surrogate pair';
  if (typeof value !== 'object') return value === undefined ? 'undefined' : `a ${typeof value}`;
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? 'an invalid Date' : 'a Date';
  return value.constructor?.name ? `an object of ${value.constructor.name}` : 'an object';
}

const isText = (value) => typeof value === 'string' && value.isWellFormed();

/** Admits plain objects only, of any realm: a Map or a class would be read as one without members. */
function isRecord(value) {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const entriesOf = (value) => (types.isMap(value) ? [...value] : Object.entries(value));

const text = rule(isText, 'a string of well-formed Unicode');
const flag = rule((value) => typeof value === 'boolean', 'true or false');
const count = rule(
  (value) => Number.isInteger(value) && value >= 0 && value <= MAX_COUNT,
  `a whole number from 0 to ${MAX_COUNT}`,
);
const milliseconds = rule((value) => typeof value === 'number' && value > 0, 'a number of milliseconds greater than 0');
const bytes = rule(types.isUint8Array, 'a Uint8Array');
const moment = rule(
  (value) => types.isDate(value) && !Number.isNaN(value.getTime()),
  'a valid Date',
  (date) => Math.floor(date.getTime() / 1000),
);
const tags = rule(
  (value) => isRecord(value) && Object.values(value).every(isText) && Object.keys(value).every(isText),
  'a plain object whose values are strings',
);
const names = rule((value) => Array.isArray(value) && [...value].every(isText), 'an array of strings');
const values = rule(
  (value) => (isRecord(value) || types.isMap(value)) && entriesOf(value).flat().every(isText),
  'a plain object or a Map whose names and values are strings',
  entriesOf,
);
const callback = rule((value) => typeof value === 'function', 'a function');
const signal = rule(
  (value) => typeof value?.addEventListener === 'function' && typeof value.aborted === 'boolean',
  'an AbortSignal',
);

/** Why an option of the official client is not taken. */
const NOT_TAKEN = {
  headers: 'requests carry the headers that the service documents',
  allowInsecureConnection: 'whether plain http is admitted is the client option allowHttp',
  skipUrlEncoding: 'names are always encoded',
  onUploadProgress: 'a request is sent as a whole',
  onDownloadProgress: 'an answer is read as a whole',
  onResponse: 'answers are not handed out; an error carries the status and the request id',
  outContentType: 'a certificate comes in the format that it is stored in',
};

const tracingContext = rule((value) => typeof value?.getValue === 'function', 'a context of OpenTelemetry');

/** The options of every operation. */
const CALL = {
  timeout: milliseconds,
  abortSignal: signal,
  requestOptions: (name, value) => read({ timeout: milliseconds }, value, name),
  tracingOptions: (name, value) => read({ tracingContext }, value, name),
};
const PROPERTIES = { ...CALL, contentType: text, tags, enabled: flag, notBefore: moment, expiresOn: moment };
const SET = { ...PROPERTIES, onConflict: text, ifChanged: flag, ifAbsent: flag };
const MANY = { ...CALL, concurrency: count, onProgress: callback };
const GET_SECRETS = { ...MANY, names, prefix: text, tags };
const SET_SECRETS = { ...MANY, ...SET };
const VERSION = { ...CALL, version: text };
const POLLER = { ...CALL, intervalInMs: milliseconds, resumeFrom: text };
const PURGE = { ...CALL, wait: flag };
const PAGE_SIZE = { ...CALL, maxPageSize: count };
const PAGE = { maxPageSize: count, continuationToken: text };

/**
 * Reads an options object by its rules: every member is known, and is absent, undefined or right. What the official client
 * takes as `requestOptions` counts as options of the call, which come first.
 */
function read(rules, options, what = 'options') {
  if (options === undefined) return {};
  if (!isRecord(options)) throw refusal('invalid_argument', what, `must be a plain object, got ${kindOf(options)}`);
  const given = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(rules, name)) throw refusal('invalid_argument', name, whyNot(name, rules));
    given[name] = rules[name](name, value);
  }
  const { requestOptions, ...rest } = given;
  return { ...requestOptions, ...rest };
}

function whyNot(name, rules) {
  if (Object.hasOwn(NOT_TAKEN, name)) return `is not supported: ${NOT_TAKEN[name]}`;
  return `is not an option of this call; the options are ${Object.keys(rules).join(', ')}`;
}

module.exports = {
  CALL,
  GET_SECRETS,
  NOT_TAKEN,
  PAGE,
  PAGE_SIZE,
  POLLER,
  PROPERTIES,
  PURGE,
  SET,
  SET_SECRETS,
  VERSION,
  bytes,
  callback,
  count,
  isRecord,
  kindOf,
  read,
  rule,
  text,
  values,
};
