/** The official client's error, of whose shape every error of libkv is. */
export class RestError extends Error {
  /** The `code` where no answer came. */
  static readonly REQUEST_SEND_ERROR: string;
  /** The `code` where the answer could not be read. */
  static readonly PARSE_ERROR: string;
  constructor(message: string, options?: { code?: string; statusCode?: number });
  /** What went wrong: the service's code, or {@link REQUEST_SEND_ERROR} or {@link PARSE_ERROR}. */
  code?: string;
  /** The HTTP status of the answer. */
  statusCode?: number;
  /** What the answer said. */
  details?: unknown;
  /** Absent: requests are made outside Node. */
  readonly request?: undefined;
  /** Absent: an error has what answers say in fields of its own. */
  readonly response?: undefined;
}

/** Tells whether a failure is a {@link RestError}, or has the name of one as those of the official package do. */
export function isRestError(error: unknown): error is RestError;

/** Why a call failed. The root of libkv's errors; `kind` or the class is what to branch on. */
export class KeyVaultError extends RestError {
  protected constructor();
  /** `RestError`, as the official client's, where the vault answered or could not be reached; otherwise the class's own. */
  name: string;
  /** What went wrong, the same word in every language of libkv, such as `not_found`. */
  readonly kind: string;
  /** The HTTP status of the vault's answer. */
  readonly status?: number;
  /** The same as `status`, under the official client's name. */
  readonly statusCode?: number;
  /** The service's `error.code`, such as `Forbidden`; `REQUEST_SEND_ERROR` or `PARSE_ERROR` without a readable answer. */
  readonly code?: string;
  /** The service's `error.innererror.code`, such as `ForbiddenByRbac`. */
  readonly innerCode?: string;
  /** The service's codes and the message, in the official client's shape; absent without an answer. */
  readonly details?: { error: { code: string; message: string; innerError?: { code: string } } };
  /** The service's `x-ms-request-id`, for a support case. */
  readonly requestId?: string;
  /** How long to wait before another try, in seconds. */
  readonly retryAfter?: number;
  /** How often the request was tried, throttled tries included; 0 when nothing was tried. */
  readonly attempts: number;
  /** How long the call took, in seconds. */
  readonly elapsed: number;
  /** The next step for a person. */
  readonly advice?: string;
}

/**
 * An argument of the call breaks a rule; nothing was sent. Messages and advice may name it as every language does: `on_conflict` is
 * `onConflict` here, `polling_interval` is `intervalInMs`, and the `continuation_token` of a poller is `resumeFrom`.
 */
export class InvalidArgumentError extends KeyVaultError {}
/** A client option is unknown, malformed or out of range, or the vault URL is not acceptable. */
export class InvalidConfigError extends KeyVaultError {}
/** The object cannot be used in this way at this moment, such as a closed client. */
export class InvalidStateError extends KeyVaultError {}
/** No token could be had, or the vault did not accept it (401). Its `cause` is what a `TokenCredential` threw. */
export class AuthenticationError extends KeyVaultError {}
/** An access policy, a role assignment, the firewall or the vault's protection refused the call (403). */
export class ForbiddenError extends KeyVaultError {}
/** The secret version is disabled and cannot be read (403). */
export class SecretDisabledError extends KeyVaultError {}
/** The secret belongs to a certificate and only the certificate can change it (403). */
export class ManagedSecretError extends KeyVaultError {}
/** No such secret, version or deleted secret (404). */
export class NotFoundError extends KeyVaultError {}
/** A restore (409), or a set with `ifAbsent`, met a name that is in use. */
export class AlreadyExistsError extends KeyVaultError {}
/** The name is held by a soft-deleted secret (409). */
export class SoftDeletedError extends KeyVaultError {}
/** The name is held by a secret whose deletion or purge has not finished (409). */
export class BeingDeletedError extends KeyVaultError {}
/** The name is held by a secret whose recovery has not finished (409). */
export class BeingRecoveredError extends KeyVaultError {}
/** Another conflict, such as two recoveries at once (409). */
export class ConflictError extends KeyVaultError {}
/** The vault refused for its request rate until the deadline (429). */
export class ThrottledError extends KeyVaultError {}
/** The vault failed or was unavailable (408, 500, 502, 503, 504) until attempts or time ran out. */
export class UnavailableError extends KeyVaultError {}
/** The vault could not be reached, or the connection broke. */
export class NetworkError extends KeyVaultError {}
/** The deadline passed; nothing that was sent could have changed the vault. */
export class TimeoutError extends KeyVaultError {}
/** The call was given up. An `abortSignal` rejects with its own reason instead. */
export class CancelledError extends KeyVaultError {}
/** A write may or may not have been applied, and looking it up was not possible. */
export class OutcomeUnknownError extends KeyVaultError {}
/** The vault answered something that Key Vault does not answer. */
export class ProtocolError extends KeyVaultError {}
/** The vault or this build does not support the request. */
export class UnsupportedError extends KeyVaultError {}
/** A defect of libkv. */
export class InternalError extends KeyVaultError {}
