'use strict';

const { forget, throwIfAborted, watch } = require('./abort.cjs');
const { read } = require('./arguments.cjs');
const { attend } = require('./diagnostics.cjs');
const { failureOf, settle } = require('./errors.cjs');
const { outcomeOf, takesTime } = require('./mailbox.cjs');
const { beginSpan } = require('./tracing.cjs');

/**
 * The results of an operation on many secrets, one after the other while others are under way.
 * `begin` makes the addon's results of the options, on the addon's `client`; arguments are checked at the first step, where
 * the caller can catch the error.
 */
class ResultIterator {
  #native;
  #steps;

  constructor(operation) {
    this.#steps = this.#run(operation);
  }

  next() {
    return this.#steps.next();
  }

  return(value) {
    // The generator by itself would first let a step under way come to its end.
    this.#native?.cancel();
    return this.#steps.return(value);
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async *#run({ client, operation, rules, options, begin }) {
    const given = read(rules, options);
    const { abortSignal, onProgress } = given;
    throwIfAborted(abortSignal);
    attend();
    const native = settle(begin(given));
    this.#native = native;
    const span = beginSpan(operation, given);
    if (abortSignal) watch(abortSignal, native);
    try {
      for (;;) {
        const step = native.next(client);
        const outcome = takesTime(step) ? await outcomeOf(step) : step;
        throwIfAborted(abortSignal);
        const results = settle(outcome);
        if (results.length === 0) return;
        for (const result of results) {
          throwIfAborted(abortSignal);
          // A promise that nobody waits for would end the process where it is rejected.
          if (onProgress) await onProgress(result.progress);
          yield secretResult(result);
        }
      }
    } catch (error) {
      span?.fail(error);
      throw error;
    } finally {
      span?.end();
      if (abortSignal) forget(abortSignal, native);
      native.cancel();
    }
  }
}

function secretResult({ name, outcome }) {
  return outcome.error ? { name, error: failureOf(outcome) } : { name, secret: outcome };
}

module.exports = { ResultIterator };
