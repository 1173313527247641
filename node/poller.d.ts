import type { OperationOptions } from './options.js';

/**
 * A deletion or recovery that has begun and that the vault goes on with by itself.
 *
 * ```js
 * const poller = await client.beginDeleteSecret('db-password');
 * await poller.pollUntilDone();
 * ```
 */
export interface PollerLike<TState extends PollOperationState<TResult>, TResult> {
  /** Looks once. */
  poll(options?: OperationOptions): Promise<void>;
  /**
   * Waits until the vault has finished. What fails a look fails the wait, and either can be tried again.
   *
   * @throws {@link TimeoutError} when the deadline comes first, a `PollerStoppedError` after {@link stopPolling}; the vault
   * goes on all the same.
   */
  pollUntilDone(options?: OperationOptions): Promise<TResult>;
  /**
   * Calls back after every look, with what it found, and waits where that gives a promise. What the callback throws or
   * rejects with fails the look.
   *
   * @returns A function that ends this.
   */
  onProgress(callback: (state: TState) => void): () => void;
  /** Tells what the last look found, without looking. */
  isDone(): boolean;
  /** Ends the waits under way. */
  stopPolling(): void;
  /** Tells whether no wait is under way. */
  isStopped(): boolean;
  /**
   * Rejects: the vault goes on with what has begun.
   *
   * @throws {@link UnsupportedError}
   */
  cancelOperation(options?: OperationOptions): Promise<void>;
  /** Returns a copy of what is known. */
  getOperationState(): TState;
  /**
   * Returns what the vault answered when the work began, or what a resumed poller found when it was done; absent before, and
   * where this caller may not read it.
   */
  getResult(): TResult | undefined;
  /**
   * Returns what `resumeFrom` of another client or process takes, in any language; it holds the vault's URL and the secret's
   * name.
   */
  toString(): string;
}

/** What a poller knows. */
export interface PollOperationState<TResult> {
  /** Always true. */
  isStarted?: boolean;
  /** Whether the last look found that the vault has finished. */
  isCompleted?: boolean;
  /** Always absent: what has begun cannot be cancelled. */
  isCancelled?: boolean;
  /** How many looks have told whether the vault has finished. */
  lookCount?: number;
  /** Always absent: what fails a look rejects it, and the poller can be asked again. */
  error?: Error;
  /** What {@link PollerLike.getResult} gives. */
  result?: TResult;
}
