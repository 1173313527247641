import type { Credential, SecretClient, SecretClientOptions, StaticTokenCredential } from './index.js';

/**
 * Starts `kv-emulator`, a local vault for tests.
 *
 * ```js
 * import { startEmulator } from 'libkv/testing';
 *
 * const emulator = await startEmulator();
 * const client = emulator.client();
 * await client.setSecret('db-password', 's3cr3t');
 * await emulator.advance(90 * 24 * 3600);
 * await emulator.stop();
 * ```
 *
 * The program is the one that the variable `KV_EMULATOR` names, or else one in the package's folder, one that a checkout has
 * built, or one on `PATH`. What can be set, seen and moved is in the emulator's own documentation.
 *
 * @throws Error when there is no such program, or when it ends or serves nothing for 20 seconds; its own message is on standard
 * error.
 */
export function startEmulator(options?: EmulatorOptions): Promise<Emulator>;

/** How an emulator is started. */
export interface EmulatorOptions {
  /** Its flags, such as `['--import', 'state.json']`. Default none. */
  flags?: readonly string[];
  /** The program. Default the one that is found. */
  binary?: string;
}

/** A running `kv-emulator`. It ends with {@link stop}, or with this process, which it does not keep alive. */
export interface Emulator extends AsyncDisposable {
  /** The vault `default`. */
  readonly vaultUrl: string;
  /** A credential that every vault accepts, and that may do everything. */
  readonly credential: StaticTokenCredential;
  /** The file with the certificate of the authority that a client must trust, in PEM. */
  readonly caFile: string;
  /**
   * All that the emulator says about itself, by the names of its ready file: `token`, `tenant`, `authority_url`,
   * `identity_endpoint` and others.
   */
  readonly facts: Readonly<Record<string, string>>;

  /** Makes a client of the vault `default`. */
  client(options?: SecretClientOptions): SecretClient;
  /** Returns the vault of this name, or one that nobody has used. It is made at its first request. */
  vault(name?: string): Vault;
  /** Moves the clock forward: delays, retention, quotas and the expiry of tokens follow. */
  advance(seconds: number): Promise<void>;
  /** Forgets all vaults. The clock stays where it is. */
  reset(): Promise<void>;
  /** Returns what all vaults hold, values included. */
  exportState(): Promise<State>;
  /** Puts the vaults of a state in place of all there are. */
  importState(state: State): Promise<void>;
  /**
   * Sends a request to the control endpoint and returns what it answers, if anything.
   *
   * @param path - Such as `/vaults/default`.
   * @throws Error when the endpoint refuses it; the message says why.
   */
  control(method: string, path: string, body?: object): Promise<unknown>;
  /** Ends the emulator. */
  stop(): Promise<void>;
}

/** One vault of an emulator. */
export interface Vault {
  /** Its URL. */
  readonly url: string;
  /**
   * Makes a client of the vault.
   *
   * @param credential - Where tokens come from. Default the emulator's {@link Emulator.credential}.
   */
  client(options?: SecretClientOptions, credential?: Credential): SecretClient;
  /** Makes the vault anew with these settings, such as `{ secrets: [{ name: 'db', value: 'x' }] }`. Default none. */
  reset(settings?: object): Promise<void>;
  /** Changes these settings alone; secrets and faults are added to those there are. */
  change(settings: object): Promise<void>;
  /** Returns what the vault was asked. */
  requests(): Promise<RequestLog>;
}

/** What all vaults hold, in the form of the emulator's state file. */
export interface State {
  version: 1;
  vaults: Record<string, object>;
}

/** What a vault was asked. */
export interface RequestLog {
  /** The last 10,000 requests, in order. */
  requests: {
    method: string;
    path: string;
    operation: string | null;
    name: string | null;
    status: number | null;
    authenticated: boolean;
    fault: string | null;
  }[];
  /** How many requests there were by operation, and by operation and name. */
  counts: Record<string, number>;
  /** How many of them were answered with 429. */
  throttled: number;
}
