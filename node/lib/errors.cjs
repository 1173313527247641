'use strict';

const { types } = require('node:util');

/** The fields of the core's error record, by their names here. */
const FIELDS = {
  kind: 'kind',
  message: 'message',
  status: 'status',
  code: 'code',
  innerCode: 'inner_code',
  requestId: 'request_id',
  retryAfter: 'retry_after',
  attempts: 'attempts',
  elapsed: 'elapsed',
  advice: 'advice',
};

/** The official client's error: the shape that programs written for that client look at. */
class RestError extends Error {
  static REQUEST_SEND_ERROR = 'REQUEST_SEND_ERROR';
  static PARSE_ERROR = 'PARSE_ERROR';

  static {
    hide(RestError.prototype, 'name', 'RestError');
  }

  constructor(message, options = {}) {
    super(message, options);
    for (const member of ['code', 'statusCode']) {
      if (options[member] !== undefined) this[member] = options[member];
    }
  }
}

/** Gives an object a property that printing it does not show, and that can be set as if it were any other. */
function hide(object, name, value) {
  Object.defineProperty(object, name, { value, writable: true, configurable: true });
}

/** Tells whether a failure has the official client's shape, also one of another copy of this or of the official package. */
function isRestError(error) {
  return error instanceof RestError || (types.isNativeError(error) && error.name === 'RestError');
}

class KeyVaultError extends RestError {
  /** What the official client has for a `code` where there is no answer to take one from. */
  static code;

  /** `thrown` is the Error that JavaScript gave the addon as the reason, whose `cause`, if it has one, is this one's too. */
  constructor(record, thrown) {
    super(record.message, thrown && 'cause' in thrown ? { cause: thrown.cause } : {});
    const { message: _, ...fields } = FIELDS;
    const known = { ...record, code: record.code ?? new.target.code };
    for (const [field, key] of Object.entries(fields)) {
      if (known[key] != null) this[field] = known[key];
    }
    const { status, code } = this;
    // Loggers and programs copy it from an error, or set it where it is missing.
    if (status !== undefined) this.statusCode = status;
    if (status === undefined && code === undefined) hide(this, 'name', new.target.name);
    if (status !== undefined && code !== undefined) hide(this, 'details', detailsOf(this));
  }
}

/** Returns what the vault answered in the official client's shape. */
function detailsOf({ code, message, innerCode }) {
  const innerError = innerCode === undefined ? undefined : { code: innerCode };
  return { error: { code, message, ...(innerError && { innerError }) } };
}

class InvalidArgumentError extends KeyVaultError {
  static kind = 'invalid_argument';
}
class InvalidConfigError extends KeyVaultError {
  static kind = 'invalid_config';
}
class InvalidStateError extends KeyVaultError {
  static kind = 'invalid_state';
}
class AuthenticationError extends KeyVaultError {
  static kind = 'authentication';
}
class ForbiddenError extends KeyVaultError {
  static kind = 'forbidden';
}
class SecretDisabledError extends KeyVaultError {
  static kind = 'secret_disabled';
}
class ManagedSecretError extends KeyVaultError {
  static kind = 'managed_secret';
}
class NotFoundError extends KeyVaultError {
  static kind = 'not_found';
}
class AlreadyExistsError extends KeyVaultError {
  static kind = 'already_exists';
}
class SoftDeletedError extends KeyVaultError {
  static kind = 'soft_deleted';
}
class BeingDeletedError extends KeyVaultError {
  static kind = 'being_deleted';
}
class BeingRecoveredError extends KeyVaultError {
  static kind = 'being_recovered';
}
class ConflictError extends KeyVaultError {
  static kind = 'conflict';
}
class ThrottledError extends KeyVaultError {
  static kind = 'throttled';
}
class UnavailableError extends KeyVaultError {
  static kind = 'unavailable';
}
class NetworkError extends KeyVaultError {
  static kind = 'network';
  static code = RestError.REQUEST_SEND_ERROR;
}
class TimeoutError extends KeyVaultError {
  static kind = 'timeout';
}
class CancelledError extends KeyVaultError {
  static kind = 'cancelled';
}
class OutcomeUnknownError extends KeyVaultError {
  static kind = 'outcome_unknown';
}
class ProtocolError extends KeyVaultError {
  static kind = 'protocol';
  static code = RestError.PARSE_ERROR;
}
class UnsupportedError extends KeyVaultError {
  static kind = 'unsupported';
}
class InternalError extends KeyVaultError {
  static kind = 'internal';
}

const classes = {
  KeyVaultError,
  InvalidArgumentError,
  InvalidConfigError,
  InvalidStateError,
  AuthenticationError,
  ForbiddenError,
  SecretDisabledError,
  ManagedSecretError,
  NotFoundError,
  AlreadyExistsError,
  SoftDeletedError,
  BeingDeletedError,
  BeingRecoveredError,
  ConflictError,
  ThrottledError,
  UnavailableError,
  NetworkError,
  TimeoutError,
  CancelledError,
  OutcomeUnknownError,
  ProtocolError,
  UnsupportedError,
  InternalError,
};

const byKind = new Map(
  Object.values(classes)
    .filter((type) => type.kind)
    .map((type) => [type.kind, type]),
);

/** Makes the error of a record. A kind that is younger than this file is a plain KeyVaultError. */
function errorOf(record, thrown) {
  const type = byKind.get(record.kind) ?? KeyVaultError;
  return new type(record, thrown);
}

/** Makes the error that the addon gives in place of an outcome. */
function failureOf({ error, thrown }) {
  return errorOf(JSON.parse(error), thrown);
}

/** Returns what the addon answered, or throws the error that it answered instead. */
function settle(outcome) {
  if (outcome?.error) throw failureOf(outcome);
  return outcome;
}

/** Makes the error of an argument or option that breaks a rule, before anything is sent. */
function refusal(kind, what, rule) {
  return errorOf({ kind, message: `${what}: ${rule}`, attempts: 0, elapsed: 0 });
}

module.exports = { FIELDS, RestError, byKind, classes, errorOf, failureOf, isRestError, refusal, settle };
