/**
 * What a client tells of its work, on channels of `node:diagnostics_channel`. It names secrets, and never holds a value or a
 * token. Operations and kinds of errors have the names that they have in every language, such as `get_secret`.
 *
 * ```js
 * import { subscribe } from 'node:diagnostics_channel';
 *
 * subscribe('libkv:retry', ({ operation, kind, delayMs }) => log(`${operation} failed: ${kind}; again in ${delayMs} ms`));
 * ```
 *
 * All clients of the process tell of themselves, workers' included. As on every channel, what a subscriber throws becomes an
 * uncaught exception of the process. While nobody subscribes this costs nothing.
 *
 * `NODE_DEBUG=libkv` prints the same to the standard error, by the {@link logger}. A program that has set up OpenTelemetry
 * gets a span for each operation besides, by the official client's name for it, such as `SecretClient.getSecret` or
 * `DeleteSecretPoller.deleteSecret`; looks of a poller have none. `@opentelemetry/api` must be there for this package to load.
 */
export interface DiagnosticChannels {
  /** A call has ended; its outcome is `ok` or the kind of its error. */
  'libkv:operation': DiagnosticRecord & { operation: string; outcome: string; elapsedMs: number };
  /** A request leaves for the vault. */
  'libkv:request': DiagnosticRecord & { operation: string; method: string; host?: string; path: string };
  /** The vault has answered, or no answer came: then there is an error instead of a status. */
  'libkv:response': DiagnosticRecord & {
    operation: string;
    status?: number;
    requestId?: string;
    elapsedMs: number;
    error?: string;
  };
  /** A try has failed, and another follows after a delay. Throttled calls wait for their turn instead. */
  'libkv:retry': DiagnosticRecord & {
    operation: string;
    attempt: number;
    kind: string;
    status?: number;
    delayMs: number;
  };
  /** The vault begins to throttle: from here on its calls wait for their turn. */
  'libkv:throttled': DiagnosticRecord & { operation: string; host?: string };
  /** The answer to a write was lost, and a look at the vault found it `applied`, `not_applied` or `unknown`. */
  'libkv:settle': DiagnosticRecord & { operation: string; outcome: string };
  /** A set found its name soft-deleted, and does with it what `onConflict` asks for. */
  'libkv:conflict': DiagnosticRecord & { name: string; action: string };
  /** The cache gives a value past its time, because the vault throttles or is away. */
  'libkv:stale': DiagnosticRecord & { name: string };
  /** The credential has given a token, or has failed to: then there is an error. One that is still good goes on being used. */
  'libkv:token': DiagnosticRecord & { scope: string; tenantId?: string; expiresInS?: number; error?: string };
  /** A source of the default chain has been found, or gave no token: then there is a reason. */
  'libkv:credential': DiagnosticRecord & { source: string; reason?: string };
}

/** What all records have. */
export interface DiagnosticRecord {
  /** How grave it is. */
  level: 'error' | 'warn' | 'info' | 'debug';
  /** What happened, for people. */
  message: string;
}

/** The official client's logger: what prints the events of each level. Debug events are `verbose`. */
export const logger: {
  error: Debugger;
  warning: Debugger;
  info: Debugger;
  verbose: Debugger;
};

/** Prints what it is given, as `util.format` does, while it is enabled. */
export interface Debugger {
  // biome-ignore lint/suspicious/noExplicitAny: the official type
  (...args: any[]): void;
  /** Whether it prints. At first where `NODE_DEBUG` names libkv. */
  enabled: boolean;
  /** How it prints; by default to the standard error. What it throws is dropped. */
  // biome-ignore lint/suspicious/noExplicitAny: the official type
  log: (...args: any[]) => void;
  /** Its name, such as `libkv:info`. */
  namespace: string;
  /** Makes another one, whose name goes on with this. */
  extend: (namespace: string) => Debugger;
  /** Disables it. */
  destroy: () => boolean;
}
