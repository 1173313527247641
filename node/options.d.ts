import type { Progress } from './models.js';

/**
 * The options of a client. A member of a member may also be written flat, as `'retry.maxAttempts'` or
 * `'retry.max_attempts'`. An unknown option is an {@link InvalidConfigError}, and so is one
 * of the official client's HTTP pipeline that has no counterpart here, such as `agent`; its message says why.
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
  /** The same as `apiVersion`, under the official client's name. */
  serviceVersion?: string;
  /** A PEM file with certificate authorities to trust besides the operating system's. Default `NODE_EXTRA_CA_CERTS`. */
  caFile?: string;
  /**
   * The URL of an HTTP proxy, with user and password where it wants them; `none` for no proxy. Default `HTTPS_PROXY`, but for
   * the hosts of `NO_PROXY`.
   */
  proxy?: string;
  /** Admit a plain http vault URL on a loopback host. Default false. */
  allowHttp?: boolean;
  /** The same as `allowHttp`, under the official client's name. */
  allowInsecureConnection?: boolean;
  /** Refuse an authentication challenge whose resource is not a parent domain of the vault's host. Default true. */
  verifyChallengeResource?: boolean;
  /** The opposite of `verifyChallengeResource`, under the official client's name. */
  disableChallengeResourceVerification?: boolean;
  /** `proxy` in the official client's form. */
  proxyOptions?: {
    /** The proxy's URL without its port. */
    host: string;
    port: number;
    username?: string;
    password?: string;
  };
  /** `retry` in the official client's form. */
  retryOptions?: {
    /** How often a request is tried again, 0 to 99: one less than `retry.maxAttempts`. */
    maxRetries?: number;
    /** `retry.baseDelayMs`. */
    retryDelayInMs?: number;
    /** `retry.maxDelayMs`. */
    maxRetryDelayInMs?: number;
  };
  /** How failed requests are tried again. */
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
  /** Whether values that were read are kept. */
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
  /** The PEM or PFX file of `client_certificate`, with a certificate and its RSA key. */
  'credential.certificatePath'?: string;
  /** The password of that file, if it has one. */
  'credential.certificatePassword'?: string;
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

/**
 * The options of every operation. An unknown one is an {@link InvalidArgumentError}, and so is one of the official client's that
 * has no counterpart here, such as `onResponse`; its message says why.
 */
export interface OperationOptions {
  /**
   * The call's deadline, retries included, in milliseconds. The default is the client's `timeoutMs`. One of a second or more
   * ends the call up to 50 ms late, and any as late as the event loop comes to it.
   */
  timeout?: number;
  /** The official client's form of `timeout`, which here bounds all tries together. */
  requestOptions?: { timeout?: number };
  /** Gives the call up and rejects with the signal's reason. What the vault has done by then stays done. */
  abortSignal?: AbortSignalLike;
  /** The context of OpenTelemetry that the call's span belongs to. The default is the active one. */
  tracingOptions?: { tracingContext?: TracingContext };
}

/** A context of OpenTelemetry. */
export interface TracingContext {
  getValue(key: symbol): unknown;
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
  /**
   * Called before each result is given, and waited for where it gives a promise. What it throws or rejects with rejects the
   * step and ends the results.
   */
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

/** Which version is read. */
export interface GetSecretOptions extends OperationOptions {
  /** The version; the newest by default and for `''`. */
  version?: string;
}

/** What a purge waits for. */
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

/** How a deletion or recovery is begun and looked after. */
export interface SecretPollerOptions extends OperationOptions {
  /** Gives up the beginning, and every look and wait of the poller that has no signal of its own. */
  abortSignal?: AbortSignalLike;
  /**
   * The time between two looks, in milliseconds, 1 to 3600000. By default the second follows the first after 50 ms, and each
   * further wait is twice as long, up to the client's `pollIntervalMs`.
   */
  intervalInMs?: number;
  /** What `toString()` of another poller for the same secret gave: nothing is begun anew, the vault is looked at once. */
  resumeFrom?: string;
}

/** The official client's name for the options of a deletion. */
export type BeginDeleteSecretOptions = SecretPollerOptions;
/** The official client's name for the options of a recovery. */
export type BeginRecoverDeletedSecretOptions = SecretPollerOptions;
/** The official client's name for the options of `getDeletedSecret`. */
export type GetDeletedSecretOptions = OperationOptions;
/** The official client's name for the options of `backupSecret`. */
export type BackupSecretOptions = OperationOptions;
/** The official client's name for the options of `restoreSecretBackup`. */
export type RestoreSecretBackupOptions = OperationOptions;
/** The official client's name for the options of `listPropertiesOfSecrets`. */
export type ListPropertiesOfSecretsOptions = ListOptions;
/** The official client's name for the options of `listPropertiesOfSecretVersions`. */
export type ListPropertiesOfSecretVersionsOptions = ListOptions;
/** The official client's name for the options of `listDeletedSecrets`. */
export type ListDeletedSecretsOptions = ListOptions;
