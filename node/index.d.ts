import type { Credential } from './credentials.js';
import type {
  DeletedSecret,
  DiagnosisStep,
  KeyVaultSecret,
  KeyVaultSecretIdentifier,
  SecretProperties,
  SecretResult,
  SecretVersion,
  Stats,
} from './models.js';
import type {
  GetSecretOptions,
  GetSecretsOptions,
  ListOptions,
  OperationOptions,
  PurgeDeletedSecretOptions,
  SecretClientOptions,
  SecretPollerOptions,
  SetSecretOptions,
  SetSecretsOptions,
  UpdateSecretPropertiesOptions,
} from './options.js';
import type { PagedAsyncIterableIterator } from './paging.js';
import type { PollerLike, PollOperationState } from './poller.js';

export * from './credentials.js';
export * from './diagnostics.js';
export * from './errors.js';
export * from './models.js';
export * from './options.js';
export * from './paging.js';
export * from './poller.js';

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
  beginDeleteSecret(
    name: string,
    options?: SecretPollerOptions,
  ): Promise<PollerLike<PollOperationState<DeletedSecret>, DeletedSecret>>;

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
  beginRecoverDeletedSecret(
    name: string,
    options?: SecretPollerOptions,
  ): Promise<PollerLike<PollOperationState<SecretProperties>, SecretProperties>>;

  /**
   * Removes a deleted secret for good. Needs the purge permission and a vault without purge protection.
   *
   * @throws {@link NotFoundError}, {@link ForbiddenError}
   */
  purgeDeletedSecret(name: string, options?: PurgeDeletedSecretOptions): Promise<void>;

  /**
   * Backs up a secret with all its versions into a blob that only Azure can read.
   *
   * @returns The blob, a `Buffer`.
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
 * Reads a secret's identifier, `https://{vault}/secrets/{name}` or `https://{vault}/secrets/{name}/{version}`, or a deleted
 * secret's recovery id, `https://{vault}/deletedsecrets/{name}`.
 *
 * @throws {@link InvalidArgumentError} for anything else.
 */
export function parseKeyVaultSecretIdentifier(id: string): KeyVaultSecretIdentifier;
