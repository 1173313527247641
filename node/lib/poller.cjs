'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

const { forget, throwIfAborted, watch } = require('./abort.cjs');
const { CALL, POLLER, callback, read, text } = require('./arguments.cjs');
const { call } = require('./call.cjs');
const { classes, errorOf, refusal } = require('./errors.cjs');

/** How soon the second look follows the first where the caller leaves that to the client, in milliseconds. */
const FIRST_PAUSE = 50;

/** What a wait rejects with that another part of the program has stopped. */
class PollerStoppedError extends classes.CancelledError {}

/**
 * A deletion or recovery that has begun and that the vault goes on with by itself.
 * `look` looks once and gives what the state gains when the work is done, or undefined while it is not.
 */
class Poller {
  #look;
  #state;
  #pace;
  #observers = new Set();
  #waits = new Set();

  constructor(look, state, pace) {
    this.#look = look;
    this.#state = { ...state, isStarted: true };
    this.#pace = pace;
  }

  async poll(options) {
    await this.#poll(read(CALL, options));
  }

  async pollUntilDone(options) {
    const given = read(CALL, options);
    throwIfAborted(given.abortSignal);
    const wait = new AbortController();
    const handle = { cancel: () => wait.abort(given.abortSignal.reason) };
    if (given.abortSignal) watch(given.abortSignal, handle);
    this.#waits.add(wait);
    try {
      await this.#wait(given.timeout ?? this.#pace.timeout, wait.signal);
    } catch (error) {
      throwIfAborted(wait.signal);
      throw error;
    } finally {
      this.#waits.delete(wait);
      if (given.abortSignal) forget(given.abortSignal, handle);
    }
    return this.getResult();
  }

  onProgress(observer) {
    this.#observers.add(callback('callback', observer));
    return () => this.#observers.delete(observer);
  }

  isDone() {
    return this.#state.isCompleted;
  }

  stopPolling() {
    const stopped = { kind: 'cancelled', message: 'the wait was stopped', attempts: 0, elapsed: 0 };
    for (const wait of this.#waits) wait.abort(new PollerStoppedError(stopped));
  }

  isStopped() {
    return this.#waits.size === 0;
  }

  async cancelOperation() {
    const why = 'the vault goes on with what has begun; stopPolling ends a wait for it';
    throw refusal('unsupported', 'cancelOperation', why);
  }

  getResult() {
    return this.#state.result;
  }

  getOperationState() {
    return { ...this.#state };
  }

  /** Gives what `resumeFrom` takes. The result is left out: the vault has it. */
  toString() {
    const { result: _, ...state } = this.#state;
    return JSON.stringify({ state });
  }

  async #poll(given) {
    if (!this.isDone()) {
      const found = await this.#look(given);
      if (found !== undefined) Object.assign(this.#state, found, { isCompleted: true });
    }
    for (const observer of this.#observers) observer(this.getOperationState());
  }

  async #wait(timeout, abortSignal) {
    const started = performance.now();
    const left = () => timeout - (performance.now() - started);
    const { interval, longestPause } = this.#pace;
    let pause = interval ?? Math.min(FIRST_PAUSE, longestPause);
    for (let looks = 1; ; looks++) {
      // The look's deadline is that of the wait.
      await this.#poll({ timeout: Math.max(left(), 1), abortSignal }).catch((error) => {
        throw error instanceof classes.TimeoutError ? tooLate(pause, looks, started) : error;
      });
      if (this.isDone()) return;
      if (left() <= pause) throw tooLate(pause, looks, started);
      await sleep(pause, undefined, { signal: abortSignal });
      pause = interval ?? Math.min(2 * pause, longestPause);
    }
  }
}

function tooLate(pause, looks, started) {
  return errorOf({
    kind: 'timeout',
    message: 'the deadline passed before the vault had finished; it goes on by itself',
    advice: 'wait again, with a longer timeout',
    retry_after: pause / 1000,
    attempts: looks,
    elapsed: (performance.now() - started) / 1000,
  });
}

/**
 * Begins the work on a secret, or goes on with a poller that `resumeFrom` stands for. `begin` makes the addon's poller, whose
 * result `shape` shapes; `find` reads what will be there when the work is done.
 */
async function pollerOf({ name, options, pace, begin, find, shape }) {
  const { intervalInMs: interval, resumeFrom, ...given } = read(POLLER, options);
  const ownPace = { ...pace, interval };
  if (resumeFrom !== undefined) {
    checkResumable(text('name', name), resumeFrom);
    const poller = new Poller(lookFor(find), { name, isCompleted: false }, ownPace);
    await poller.poll(given);
    return poller;
  }
  const native = await call(given, begin);
  const look = async (each) => ((await call(each, (handle) => native.poll(handle))) ? {} : undefined);
  return new Poller(look, { name, isCompleted: native.isDone, result: shape(native.result) }, ownPace);
}

/** Refuses what no poller of this secret gave, neither this client's nor the official one's. */
function checkResumable(name, resumeFrom) {
  let resumed;
  try {
    resumed = JSON.parse(resumeFrom).state.name;
  } catch {
    throw refusal('invalid_argument', 'resumeFrom', 'must be what toString() of a poller gave');
  }
  if (resumed !== name) throw refusal('invalid_argument', 'resumeFrom', 'must come from a poller of the same secret');
}

function lookFor(find) {
  return async (given) => {
    try {
      return { result: await find(given) };
    } catch (error) {
      if (error instanceof classes.NotFoundError) return undefined;
      if (isThereUnseen(error)) return {};
      throw error;
    }
  };
}

/** Tells whether a refusal comes from the secret's own access rules; a firewall's says nothing about the secret. */
function isThereUnseen(error) {
  const byAccessRules = ['AccessDenied', 'ForbiddenByPolicy', 'ForbiddenByRbac'].includes(error.innerCode);
  return error instanceof classes.SecretDisabledError || (error instanceof classes.ForbiddenError && byAccessRules);
}

module.exports = { pollerOf };
