'use strict';

const { forget, throwIfAborted, watch } = require('./abort.cjs');
const { CALL, POLLER, callback, read, text } = require('./arguments.cjs');
const { ask, call } = require('./call.cjs');
const { classes, refusal, settle } = require('./errors.cjs');

/** What a wait rejects with that another part of the program has stopped. */
class PollerStoppedError extends classes.CancelledError {}

/**
 * A deletion or recovery that has begun and that the vault goes on with by itself.
 * `work` is the addon's poller, which looks; `find` reads what the official client's poller gives for a result at the end.
 */
class Poller {
  #client;
  #work;
  #find;
  #state;
  #observers = new Set();
  #waits = new Set();

  constructor(client, work, state, find) {
    this.#client = client;
    this.#work = work;
    this.#find = find;
    this.#state = { ...state, isStarted: true, isCompleted: work.isDone };
  }

  async poll(options) {
    const given = read(CALL, options);
    await this.#look(given, (timeout) => this.#work.poll(this.#client, timeout));
  }

  async pollUntilDone(options) {
    const given = read(CALL, options);
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

  async #wait(timeout, abortSignal) {
    const looks = await ask({ timeout, abortSignal }, () => this.#work.looks(this.#client, timeout));
    do await this.#look({ abortSignal }, () => looks.next(this.#client));
    while (!this.isDone());
  }

  async #look(given, look) {
    const isDone = await ask(given, look);
    if (isDone && !this.isDone()) {
      this.#state.result ??= await this.#find(given);
      this.#state.isCompleted = true;
    }
    for (const observer of this.#observers) observer(this.getOperationState());
  }
}

/**
 * Begins the work on a secret, or goes on with what `resumeFrom` stands for: `begin` and `resume` give the addon's poller.
 * `find` reads what is there when the work is done, as `shape` shapes what the vault answers at the beginning.
 */
async function pollerOf({ client, operation, name, options, begin, resume, find, shape }) {
  const { intervalInMs, resumeFrom, ...given } = read(POLLER, options);
  text('name', name);
  if (resumeFrom === undefined) {
    const work = await call(operation, given, (timeout) => begin(name, intervalInMs, timeout));
    return new Poller(client, work, { name, result: shape(work.result) });
  }
  checkResumable(name, resumeFrom);
  const poller = new Poller(client, settle(resume(name, intervalInMs)), { name }, readable(find));
  await poller.poll(given);
  return poller;
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

/** Finds nothing where the caller may not read what is there, or where it is gone already. */
function readable(find) {
  const { ForbiddenError, NotFoundError, SecretDisabledError } = classes;
  return async (given) => {
    try {
      return await find(given);
    } catch (error) {
      if ([ForbiddenError, NotFoundError, SecretDisabledError].some((type) => error instanceof type)) return undefined;
      throw error;
    }
  };
}

module.exports = { pollerOf };
