import type { Credential } from './credentials.js';

export * from './credentials.js';

/**
 * A client of one Azure Key Vault.
 *
 * ```js
 * import { SecretClient } from 'libkv';
 *
 * const client = new SecretClient('https://contoso.vault.azure.net');
 * const { value } = await client.getSecret('db-password');
 * ```
 *
 * Every method that talks to the vault rejects with a {@link KeyVaultError} of the class that fits, or with the reason of
 * the `abortSignal`. Wrong arguments reject too, with {@link InvalidArgumentError}, before anything is sent. 408, 429, 500,
 * 502, 503, 504 and broken connections are retried within the call's deadline; a write whose answer was lost is looked up
 * before it is sent again.
 *
 * A client may be used for any number of calls at once. It does not keep the process alive.
 */
export class SecretClient {
  /**
   * Makes a client. Sends nothing.
   *
   * @param vaultUrl - The vault, such as `https://contoso.vault.azure.net`.
   * @param credential - Where tokens come from: a credential of libkv's or of `@azure/identity`. Default what the option
   * `credential` names, which is {@link DefaultAzureCredential} by itself.
   * @throws {@link InvalidArgumentError} for an argument of a wrong type, {@link InvalidConfigError} for a vault URL or an
   * option that breaks a rule; the message names it and the rule.
   */
  constructor(vaultUrl: string, credential?: Credential, options?: SecretClientOptions);

  /** The vault's URL, without a trailing slash. */
  readonly vaultUrl: string;

  /**
   * Makes a new version of a secret, and the secret if there is none. Nothing is inherited from the version before.
   *
   * @param name - 1 to 127 of `0-9`, `a-z`, `A-Z` and `-`.
   * @param value - At most 25,600 characters; may be empty.
   * @returns The version, with its value.
   * @throws {@link SoftDeletedError} when a soft-deleted secret holds the name, {@link BeingDeletedError} or
   * {@link BeingRecoveredError} while it is in transition, {@link ManagedSecretError} when a certificate holds it,
   * {@link AlreadyExistsError} when `ifAbsent` is set and a secret has the name, {@link ForbiddenError} when the recovery or
   * purge that `onConflict` asks for is refused, {@link OutcomeUnknownError} when the write may or may not have been applied.
   */
  setSecret(name: string, value: string, options?: SetSecretOptions): Promise<KeyVaultSecret>;

  /**
   * Makes a new version of each of these secrets, as {@link setSecret} does, with the same options for all.
   *
   * ```js
   * for await (const { name, error } of client.setSecrets({ 'db-user': 'app', 'db-password': 's3cr3t' })) {
   *   if (error) console.error(`${name}: ${error.message}`);
   * }
   * ```
   *
   * @param values - Values by name. Names that differ in letter case alone are refused.
   * @returns One result per secret, in the order of `values`. Nothing is sent before the first is asked for; an iterator
   * that is left early cancels the sets under way, of which the vault may have applied some.
   * @throws {@link InvalidArgumentError} from the first step; the error of a single secret is in its result.
   */
  setSecrets(
    values: Readonly<Record<string, string>> | ReadonlyMap<string, string>,
    options?: SetSecretsOptions,
  ): AsyncIterableIterator<SecretResult>;

  /**
   * Reads a secret: the newest version, or the one that `options.version` names.
   *
   * @throws {@link NotFoundError}; {@link SecretDisabledError} for a disabled version, also where older ones are enabled.
   */
  getSecret(name: string, options?: GetSecretOptions): Promise<KeyVaultSecret>;

  /**
   * Reads a secret as {@link getSecret} does, but gives `undefined` where the vault has no such secret or version. A
   * soft-deleted secret is none.
   *
   * @throws {@link SecretDisabledError}
   */
  tryGetSecret(name: string, options?: GetSecretOptions): Promise<KeyVaultSecret | undefined>;

  /**
   * Reads many secrets: all that the vault lists, those that `prefix` or `tags` choose, or those of `names`.
   *
   * ```js
   * for await (const { name, secret, error } of client.getSecrets({ prefix: 'db-' })) {
   *   if (error) console.error(`${name}: ${error.message}`);
   *   else use(name, secret.value);
   * }
   * ```
   *
   * @returns One result per secret, in the order of the names or of the list. Nothing is sent before the first is asked
   * for; an iterator that is left early cancels what is under way.
   * @throws {@link InvalidArgumentError} from the first step, and where the list fails, its error behind the results before
   * it; the error of a single secret, such as a disabled one, is in its result.
   */
  getSecrets(options?: GetSecretsOptions): AsyncIterableIterator<SecretResult>;

  /**
   * Reads a secret's versions without their values, from the newest to the oldest.
   *
   * The service tells times in whole seconds only: of several versions made in one second, the newest comes first and the
   * others stand by their ids. Needs the permissions to list and to get.
   *
   * @throws {@link NotFoundError}
   */
  getSecretHistory(name: string, options?: OperationOptions): Promise<SecretVersion[]>;

  /**
   * Makes a new version with the value, content type and tags of an older one. Dates are not brought back, and the new
   * version is enabled.
   *
   * @param version - The version to bring back; not empty.
   * @returns The new version, with its value.
   * @throws {@link NotFoundError}, {@link SecretDisabledError} for a disabled version
   */
  rollbackSecret(name: string, version: string, options?: OperationOptions): Promise<KeyVaultSecret>;

  /**
   * Disables a secret's enabled versions except the newest of them; the service cannot remove a version. A failure midway
   * leaves disabled what has been, and the same call again goes on.
   *
   * @param keep - How many enabled versions are left, at least 1.
   * @returns The versions that it disabled.
   * @throws {@link NotFoundError}
   */
  pruneSecretVersions(name: string, keep: number, options?: OperationOptions): Promise<SecretProperties[]>;

  /**
   * Changes the properties of a version. What is not given stays; tags are replaced as a whole; the value cannot change.
   *
   * @param secretVersion - The version, or `''` for the newest.
   * @throws {@link NotFoundError}
   */
  updateSecretProperties(
    name: string,
    secretVersion: string,
    options?: UpdateSecretPropertiesOptions,
  ): Promise<SecretProperties>;

  /** Lists the vault's secrets without their values, by upper-cased name. */
  listPropertiesOfSecrets(options?: ListOptions): PagedAsyncIterableIterator<SecretProperties>;

  /**
   * Lists the versions of a secret without their values, by their hexadecimal ids, not by time. An unknown name has none.
   */
  listPropertiesOfSecretVersions(name: string, options?: ListOptions): PagedAsyncIterableIterator<SecretProperties>;

  /** Lists the vault's deleted secrets. */
  listDeletedSecrets(options?: ListOptions): PagedAsyncIterableIterator<DeletedSecret>;

  /**
   * Deletes a secret with all its versions. Until the scheduled purge date it can be recovered, and its name is not free.
   *
   * @returns A poller once the vault has begun; it goes on by itself.
   * @throws {@link NotFoundError}, {@link ManagedSecretError}
   */
  beginDeleteSecret(name: string, options?: OperationOptions): Promise<Poller<DeletedSecret>>;

  /**
   * Reads a deleted secret, without its value.
   *
   * @throws {@link NotFoundError}
   */
  getDeletedSecret(name: string, options?: OperationOptions): Promise<DeletedSecret>;

  /**
   * Brings a deleted secret back with all its versions.
   *
   * @returns A poller once the vault has begun; it goes on by itself.
   * @throws {@link NotFoundError}
   */
  beginRecoverDeletedSecret(name: string, options?: OperationOptions): Promise<Poller<SecretProperties>>;

  /**
   * Removes a deleted secret for good. Needs the purge permission and a vault without purge protection.
   *
   * @throws {@link NotFoundError}, {@link ForbiddenError}
   */
  purgeDeletedSecret(name: string, options?: PurgeDeletedSecretOptions): Promise<void>;

  /**
   * Backs up a secret with all its versions into a blob that only Azure can read.
   *
   * @throws {@link NotFoundError}
   */
  backupSecret(name: string, options?: OperationOptions): Promise<Uint8Array>;

  /**
   * Restores a backup, into a vault of the same subscription and geography.
   *
   * @returns The newest version's properties.
   * @throws {@link AlreadyExistsError} when the name is in use, soft-deleted included.
   */
  restoreSecretBackup(backup: Uint8Array, options?: OperationOptions): Promise<SecretProperties>;

  /**
   * Goes the way to the vault step by step: `dns`, `tcp`, `tls`, `challenge`, `clock`, `token`, and one harmless `call`, which
   * lists one secret. A step that fails does not reject the call. The token's claims are shown, the token is not.
   */
  diagnose(options?: OperationOptions): Promise<DiagnosisStep[]>;

  /** Returns what this client has done so far. */
  stats(): Stats;

  /** Refuses calls from here on, with {@link InvalidStateError}; those under way go on. */
  close(): void;

  /** Closes the client at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * The options of a client. A member of a member may also be written flat, as `'retry.maxAttempts'` or
 * `'retry.max_attempts'`. An unknown option is an {@link InvalidConfigError}.
 */
export interface SecretClientOptions {
  /** The deadline of a call that has none of its own, retries included, in milliseconds, 1 to 86,400,000. Default 60,000. */
  timeoutMs?: number;
  /** The longest time for a connection to be made, in milliseconds, 1 to 3,600,000. Default 10,000. */
  connectTimeoutMs?: number;
  /**
   * The longest time between two looks at a running deletion or recovery, in milliseconds, 1 to 3,600,000. Default 2,000.
   */
  pollIntervalMs?: number;
  /** The largest answer that is read, in bytes, 65,536 to 1,073,741,824. Default 67,108,864. */
  maxResponseBytes?: number;
  /** The service's REST API version. Default `2026-04-01`. */
  apiVersion?: string;
  /** A PEM file with certificate authorities to trust besides the operating system's. Default `NODE_EXTRA_CA_CERTS`. */
  caFile?: string;
  /**
   * The URL of an HTTP proxy, with user and password where it wants them; `none` for no proxy. Default `HTTPS_PROXY`, but for
   * the hosts of `NO_PROXY`.
   */
  proxy?: string;
  /** Admit a plain http vault URL on a loopback host. Default false. */
  allowHttp?: boolean;
  /** Refuse an authentication challenge whose resource is not a parent domain of the vault's host. Default true. */
  verifyChallengeResource?: boolean;
  retry?: {
    /** How often a request is tried in all, 1 to 100; throttled tries (429) do not count. Default 5. */
    maxAttempts?: number;
    /**
     * The upper bound of the first random wait before another try, in milliseconds, 0 to 3,600,000; it doubles with each
     * try. Default 500.
     */
    baseDelayMs?: number;
    /** The upper bound of every such wait, in milliseconds, 0 to 3,600,000. Default 16,000. */
    maxDelayMs?: number;
  };
  cache?: {
    /**
     * How long a value that was read is kept in memory and given again, in milliseconds, 0 to 86,400,000; 0, the default,
     * turns the cache off.
     */
    ttlMs?: number;
    /**
     * How long after that it is still given, marked as `stale`, while the vault throttles or is away, in milliseconds, 0 to
     * 86,400,000. Default 0.
     */
    staleMs?: number;
    /** How many values are kept at most, 1 to 10,000; the one read longest ago makes room. Default 1,000. */
    maxEntries?: number;
  };
  /**
   * Where tokens come from, for configuration that is text; code passes a {@link Credential}. Default `default`, which is
   * {@link DefaultAzureCredential}.
   */
  credential?:
    | 'default'
    | 'environment'
    | 'workload_identity'
    | 'managed_identity'
    | 'azure_cli'
    | 'azure_powershell'
    | 'azure_developer_cli'
    | 'client_secret'
    | 'client_certificate'
    | 'static_token';
  /** The bearer token of `static_token`. */
  'credential.token'?: string;
  /**
   * The tenant of an application or a workload identity, and of developers' tools, which otherwise ask the one that the vault
   * names.
   */
  'credential.tenantId'?: string;
  /** The client id of an application or a workload identity, or of a managed identity among several. */
  'credential.clientId'?: string;
  /** The application's secret of `client_secret`. */
  'credential.clientSecret'?: string;
  /** The PEM file of `client_certificate`, with a certificate and its RSA key, not encrypted. */
  'credential.certificatePath'?: string;
  /** The file of `workload_identity` that holds the pod's token. Default `AZURE_FEDERATED_TOKEN_FILE`. */
  'credential.federatedTokenFile'?: string;
  /** The object id of a managed identity among several. */
  'credential.objectId'?: string;
  /** The Azure resource id of a managed identity among several. */
  'credential.resourceId'?: string;
  /** The token authority's https URL. Default `AZURE_AUTHORITY_HOST`, or else that of the vault's cloud. */
  'credential.authorityHost'?: string;
  /** The scope of tokens for a vault outside Azure's known clouds, so that its first request can carry one. */
  'credential.scope'?: string;
  /** Any option by its flat key. */
  [key: `${string}.${string}`]: string | number | boolean | undefined;
}

/** The options of every operation. An unknown one is an {@link InvalidArgumentError}. */
export interface OperationOptions {
  /** The call's deadline, retries included, in milliseconds. The default is the client's `timeoutMs`. */
  timeout?: number;
  /** Gives the call up and rejects with the signal's reason. What the vault has done by then stays done. */
  abortSignal?: AbortSignalLike;
}

/** An `AbortSignal`, or one of `@azure/abort-controller`. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** What an update changes; tags are replaced as a whole. */
export interface UpdateSecretPropertiesOptions extends OperationOptions {
  /** What the value is, such as `application/json`; at most 255 characters. */
  contentType?: string;
  /** At most 15, keys and values of at most 512 characters. */
  tags?: Record<string, string>;
  /** Whether the value can be read. A new version is enabled by default. */
  enabled?: boolean;
  /** Not to be used before this moment, in whole seconds. The service does not enforce it. */
  notBefore?: Date;
  /** Not to be used after this moment, in whole seconds. The service does not enforce it. */
  expiresOn?: Date;
}

/** What a new version has, and how it is made. */
export interface SetSecretOptions extends UpdateSecretPropertiesOptions {
  /**
   * What to do about a soft-deleted secret of the name. `fail`, the default, leaves it. `recover` brings it back with its
   * versions and writes on top. `purge` removes it for good and writes the first version of a new one; that needs the
   * purge permission and a vault without purge protection. Both wait, within the deadline, for a deletion, recovery or
   * purge under way.
   */
  onConflict?: 'fail' | 'recover' | 'purge';
  /**
   * Whether to write only what differs from the newest version in value, content type, tags, or another property; a set that
   * changes nothing gives that version. Default false.
   *
   * Reads the secret first, which needs the permission. Two callers that read before either writes make two versions.
   */
  ifChanged?: boolean;
  /**
   * Whether to write only where no secret, disabled ones included, has the name. Default false. Goes neither with `ifChanged`
   * nor with `onConflict: 'recover'`.
   *
   * Reads the secret first, which needs the permission. Two callers that read before either writes make two versions.
   */
  ifAbsent?: boolean;
}

/** How an operation goes about many secrets; the timeout holds for each of them, and for each page of a list. */
export interface ManySecretsOptions extends OperationOptions {
  /** How many secrets are under way at a time, 1 to 256. Default 64. */
  concurrency?: number;
  /** Called before each result is given. What it throws rejects the step and ends the results. */
  onProgress?: (progress: Progress) => void;
}

/** Which secrets are read. */
export interface GetSecretsOptions extends ManySecretsOptions {
  /** The secrets of these names; goes neither with `prefix` nor with `tags`. */
  names?: readonly string[];
  /** Those of the vault whose names begin so; letter case makes no difference. */
  prefix?: string;
  /** Those of the vault whose newest version has all these tags. */
  tags?: Readonly<Record<string, string>>;
}

/** What each new version has, and how all are made. */
export interface SetSecretsOptions extends SetSecretOptions, ManySecretsOptions {}

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

export interface GetSecretOptions extends OperationOptions {
  /** The version; the newest by default and for `''`. */
  version?: string;
}

export interface PurgeDeletedSecretOptions extends OperationOptions {
  /**
   * Whether to wait, within the deadline, for a deletion under way before the purge, and for the deleted secret to be gone
   * after it. Default false. The service can hold the name back for some seconds more, which `onConflict: 'purge'` of a
   * set waits out.
   */
  wait?: boolean;
}

/** The options of a list; a timeout holds for each page. */
export interface ListOptions extends OperationOptions {
  /** How many items a page has at most, 1 to 25. Default 25. */
  maxPageSize?: number;
}

/**
 * A list that is read while it is iterated: item by item, or page by page.
 *
 * ```js
 * for await (const { name } of client.listPropertiesOfSecrets()) console.log(name);
 * ```
 */
export interface PagedAsyncIterableIterator<T> extends AsyncIterableIterator<T> {
  /** Reads page after page. A page may be empty although others follow. */
  byPage(settings?: PageSettings): AsyncIterableIterator<Page<T>>;
}

export interface PageSettings {
  /** How many items a page has at most, 1 to 25. The default is the list's. */
  maxPageSize?: number;
  /** Starts behind the page that carried this token. */
  continuationToken?: string;
}

/** The items of a page. */
export interface Page<T> extends Array<T> {
  /** What `byPage` takes to go on behind this page, also in another process; absent on the last one. */
  continuationToken?: string;
}

/**
 * A deletion or recovery that has begun and that the vault goes on with by itself.
 *
 * ```js
 * const poller = await client.beginDeleteSecret('db-password');
 * await poller.pollUntilDone();
 * ```
 */
export interface Poller<T> {
  /** Looks once. */
  poll(options?: OperationOptions): Promise<PollOperationState<T>>;
  /**
   * Waits until the vault has finished.
   *
   * @throws {@link TimeoutError} when the deadline comes first; the vault goes on all the same.
   */
  pollUntilDone(options?: OperationOptions): Promise<T>;
  /** Tells what the last look found, without looking. */
  isDone(): boolean;
  /** Returns what the vault answered when the work began. */
  getResult(): T;
  getOperationState(): PollOperationState<T>;
}

export interface PollOperationState<T> {
  isStarted: boolean;
  isCompleted: boolean;
  result: T;
}

/**
 * A secret version with its value. A plain object: `util.inspect` and `console.log` do not show the value of the object
 * they are given here, but `JSON.stringify` does, and so does a copy made by spreading.
 */
export interface KeyVaultSecret {
  name: string;
  /** Always present on what this client returns; may be empty. */
  value: string;
  properties: SecretProperties;
  /** Whether the value comes from the cache although its time is over, because the vault throttles or cannot be reached. */
  stale: boolean;
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
  contentType?: string;
  /** Whether the value can be read. */
  enabled?: boolean;
  notBefore?: Date;
  expiresOn?: Date;
  createdOn?: Date;
  updatedOn?: Date;
  tags?: Record<string, string>;
  /** How many days a deleted secret can be recovered, 7 to 90; 0 or absent without soft delete. */
  recoverableDays?: number;
  /** What happens to a deleted secret, such as `Recoverable+Purgeable`. */
  recoveryLevel?: string;
  /** Whether the secret belongs to a certificate. */
  managed?: boolean;
  /** The identifier of the key behind a certificate's secret. */
  certificateKeyId?: string;
  /** The version of the previous certificate, of a certificate's secret. */
  previousVersion?: string;
}

/** A secret in the soft-deleted state, without its value. */
export interface DeletedSecret {
  name: string;
  /** The properties of its newest version. */
  properties: SecretProperties;
  /** The identifier under which it can be recovered or purged. */
  recoveryId?: string;
  deletedOn?: Date;
  /** When the service purges it for good. */
  scheduledPurgeDate?: Date;
}

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

/**
 * Reads a secret's identifier, `https://{vault}/secrets/{name}` or `https://{vault}/secrets/{name}/{version}`.
 *
 * @throws {@link InvalidArgumentError} for anything else.
 */
export function parseKeyVaultSecretIdentifier(id: string): KeyVaultSecretIdentifier;

/** Why a call failed. The root of libkv's errors; `kind` or the class is what to branch on. */
export class KeyVaultError extends Error {
  protected constructor();
  /** What went wrong, the same word in every language of libkv, such as `not_found`. */
  readonly kind: string;
  /** The HTTP status of the vault's answer. */
  readonly status?: number;
  /** The same as `status`, under the official client's name. */
  readonly statusCode?: number;
  /** The service's `error.code`, such as `Forbidden`. */
  readonly code?: string;
  /** The service's `error.innererror.code`, such as `ForbiddenByRbac`. */
  readonly innerCode?: string;
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

/** An argument of the call breaks a rule; nothing was sent. */
export class InvalidArgumentError extends KeyVaultError {}
/** A client option is unknown, malformed or out of range, or the vault URL is not acceptable. */
export class InvalidConfigError extends KeyVaultError {}
/** The object cannot be used in this way at this moment, such as a closed client. */
export class InvalidStateError extends KeyVaultError {}
/** No token could be had, or the vault did not accept it (401). Its `cause` is what a {@link TokenCredential} threw. */
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
