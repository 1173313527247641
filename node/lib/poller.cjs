'use strict';

const { forget, throwIfAborted, watch } = require('./abort.cjs');
const { CALL, POLLER, callback, read, text } = require('./arguments.cjs');
const { ask, call } = require('./call.cjs');
const { classes, refusal } = require('./errors.cjs');

/** What a wait rejects with that another part of the program has stopped. */
class PollerStoppedError extends classes.CancelledError {}

/**
 * A deletion or recovery that has begun and that the vault goes on with by itself.
 * `work` is the addon's poller, which looks; `shape` shapes what the vault answers; `abortSignal` is the beginning's.
 */
class Poller {
  #client;
  #name;
  #work;
  #shape;
  #abortSignal;
  #observers = new Set();
  #waits = new Set();

  constructor({ client, name, work, shape, abortSignal }) {
    this.#client = client;
    this.#name = name;
    this.#work = work;
    this.#shape = shape;
    this.#abortSignal = abortSignal;
  }

  async poll(options) {
    const given = this.#read(options);
    await this.#look(given, ({ timeout }) => this.#work.poll(this.#client, timeout));
  }

  async pollUntilDone(options) {
    const given = this.#read(options);
    throwIfAborted(given.abortSignal);
    const wait = new AbortController();
    const handle = { cancel: () => wait.abort(given.abortSignal.reason) };
    if (given.abortSignal) watch(given.abortSignal, handle);
    this.#waits.add(wait);
    try {
      await this.#wait(given.timeout, wait.signal);
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
    return this.#work.isDone;
  }

  stopPolling() {
    const stopped = { kind: 'cancelled', message: 'the wait was stopped', attempts: 0, elapsed: 0 };
    for (const wait of this.#waits) wait.abort(new PollerStoppedError(stopped));
    // They end soon, and count no more from here on.
    this.#waits.clear();
  }

  isStopped() {
    return this.#waits.size === 0;
  }

  async cancelOperation() {
    const why = 'the vault goes on with what has begun; stopPolling ends a wait for it';
    throw refusal('unsupported', 'cancelOperation', why);
  }

  getResult() {
    const { result } = this.#work;
    return result === null ? undefined : this.#shape(result);
  }

  getOperationState() {
    const { isDone, lookCount } = this.#work;
    const result = this.getResult();
    return { name: this.#name, isStarted: true, isCompleted: isDone, lookCount, ...(result && { result }) };
  }

  toString() {
    return this.#work.continuationToken;
  }

  /** What the work was begun with gives up its looks, too, unless they have a signal of their own. */
  #read(options) {
    return { abortSignal: this.#abortSignal, ...read(CALL, options) };
  }

  async #wait(timeout, abortSignal) {
    const looks = await ask({ timeout, abortSignal }, () => this.#work.looks(this.#client, timeout));
    do await this.#look({ abortSignal }, () => looks.next(this.#client));
    while (!this.isDone());
  }

  async #look(given, look) {
    await ask(given, look);
    // A promise that nobody waits for would end the process where it is rejected.
    for (const observer of this.#observers) await observer(this.getOperationState());
  }
}

/** Begins the work on a secret, or goes on with what `resumeFrom` stands for: `begin` gives the addon's poller. */
function pollerOf({ client, operation, name, options, begin, shape }) {
  let abortSignal;
  const start = ({ intervalInMs, resumeFrom, timeout, ...given }) => {
    abortSignal = given.abortSignal;
    return begin(text('name', name), intervalInMs, resumeFrom, timeout);
  };
  return call(operation, POLLER, options, start, (work) => new Poller({ client, name, work, shape, abortSignal }));
}

module.exports = { pollerOf };
