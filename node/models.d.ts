import type { KeyVaultError } from './errors.js';

/**
 * A secret version with its value. A plain object: `util.inspect` and `console.log` do not show the value of the object
 * they are given here, but `JSON.stringify` does, and so does a copy made by spreading.
 */
export interface KeyVaultSecret {
  name: string;
  /** Always present on what this client returns; may be empty. */
  value: string;
  properties: SecretProperties;
  /**
   * Whether the value comes from the cache although its time is over, because the vault throttles or cannot be reached. Always
   * present on what this client returns.
   */
  stale?: boolean;
}

/** A version of a secret, as its history shows it. */
export interface SecretVersion {
  name: string;
  /** 32 hexadecimal digits. */
  version: string;
  /** Whether it is the version that a read without a version means. */
  current: boolean;
  properties: SecretProperties;
}

/** A secret version without its value. What the vault did not say is absent. */
export interface SecretProperties {
  vaultUrl: string;
  name: string;
  /** 32 hexadecimal digits; absent in lists of secrets. */
  version?: string;
  /** The identifier, `https://{vault}/secrets/{name}/{version}`; without the version in lists of secrets. */
  id?: string;
  /** What the value is, such as `application/json`. */
  contentType?: string;
  /** Whether the value can be read. */
  enabled?: boolean;
  /** Not to be used before this moment; the service does not enforce it. */
  notBefore?: Date;
  /** Not to be used after this moment; the service does not enforce it. */
  expiresOn?: Date;
  createdOn?: Date;
  updatedOn?: Date;
  tags?: Record<string, string>;
  /** How many days a deleted secret can be recovered, 7 to 90; 0 or absent without soft delete. */
  recoverableDays?: number;
  /** What happens to a deleted secret, such as `Recoverable+Purgeable`. */
  recoveryLevel?: DeletionRecoveryLevel;
  /** Whether the secret belongs to a certificate. */
  managed?: boolean;
  /** @deprecated The official client's old name; always absent. */
  keyId?: never;
  /** The identifier of the key behind a certificate's secret. */
  certificateKeyId?: string;
  /** The version of the previous certificate, of a certificate's secret. */
  previousVersion?: string;
}

/** When a secret was deleted and how it can be had back. */
export interface Deletion {
  /** The identifier under which it can be recovered or purged. */
  recoveryId?: string;
  deletedOn?: Date;
  /** When the service purges it for good. */
  scheduledPurgeDate?: Date;
}

/** A secret in the soft-deleted state. */
export interface DeletedSecret extends Deletion {
  name: string;
  /** The properties of its newest version; what tells of the deletion is here for programs written for the official client. */
  properties: SecretProperties & Deletion;
  /** Always absent: a deleted secret's value cannot be read. */
  value?: undefined;
}

/** How far an operation on many secrets has come. */
export interface Progress {
  /** How many results have been given, this one included. */
  done: number;
  /** How many there are in all; absent while the vault's list is still being read. */
  total?: number;
}

/** What became of one secret among many: the secret, or why there is none. */
export type SecretResult =
  | { name: string; secret: KeyVaultSecret; error?: undefined }
  | { name: string; error: KeyVaultError; secret?: undefined };

/** A step on the way to a vault, and how it went. */
export interface DiagnosisStep {
  /** What was tried, such as `dns`. */
  name: string;
  /** `skipped` where a step before it failed or it does not apply. */
  verdict: 'ok' | 'failed' | 'skipped';
  /** How long it took, in seconds. */
  elapsed: number;
  /** What was found, for a person; never a token or a secret. */
  detail: string;
  /** The next step for a person, where this one failed. */
  advice?: string;
}

/** What a client has done since it was made. */
export interface Stats {
  /** Operations started. */
  operations: number;
  /** HTTP requests sent to the vault. */
  requests: number;
  /** Requests that were sent again after a failure other than throttling. */
  retries: number;
  /** Answers with status 429. */
  throttled: number;
  /** Time spent waiting between tries, and for a turn while the vault throttles, in milliseconds. */
  waitedMs: number;
  /** Tokens asked for. */
  tokens: number;
  /** Reads answered from the cache, or by a read that was under way already. */
  cacheHits: number;
  /** Writes whose answer was lost, and of which a look at the vault found that they had been applied. */
  settled: number;
}

/** The parts of a secret's identifier. */
export interface KeyVaultSecretIdentifier {
  sourceId: string;
  /** The vault's URL, without a trailing slash. */
  vaultUrl: string;
  name: string;
  version?: string;
}

/** What happens to a deleted secret; {@link KnownDeletionRecoveryLevel} has the values that the service documents. */
export type DeletionRecoveryLevel = string;

/** The recovery levels that the service documents. */
export enum KnownDeletionRecoveryLevel {
  Purgeable = 'Purgeable',
  RecoverablePurgeable = 'Recoverable+Purgeable',
  Recoverable = 'Recoverable',
  RecoverableProtectedSubscription = 'Recoverable+ProtectedSubscription',
  CustomizedRecoverablePurgeable = 'CustomizedRecoverable+Purgeable',
  CustomizedRecoverable = 'CustomizedRecoverable',
  CustomizedRecoverableProtectedSubscription = 'CustomizedRecoverable+ProtectedSubscription',
}

/** What a certificate's secret holds; {@link KnownContentType} has the values that the service documents. */
export type ContentType = string;

/** The content types of certificates' secrets that the service documents. */
export enum KnownContentType {
  PFX = 'application/x-pkcs12',
  PEM = 'application/x-pem-file',
}
