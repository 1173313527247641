'use strict';

const { forget, throwIfAborted, watch } = require('./abort.cjs');
const { read } = require('./arguments.cjs');
const { settle } = require('./call.cjs');
const { errorOf } = require('./errors.cjs');
const { secret } = require('./models.cjs');

/**
 * The results of an operation on many secrets, one after the other while others are under way.
 * `begin` makes the addon's results of the options; arguments are checked at the first step, where the caller can catch the
 * error.
 */
class ResultIterator {
  #native;
  #steps;

  constructor(rules, options, begin) {
    this.#steps = this.#run(rules, options, begin);
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

  async *#run(rules, options, begin) {
    const given = read(rules, options);
    const { abortSignal, onProgress } = given;
    throwIfAborted(abortSignal);
    const native = settle(begin(given));
    this.#native = native;
    if (abortSignal) watch(abortSignal, native);
    try {
      for (;;) {
        const step = await native.next();
        throwIfAborted(abortSignal);
        const result = settle(step);
        if (result === null) return;
        onProgress?.(result.progress);
        yield secretResult(result);
      }
    } finally {
      if (abortSignal) forget(abortSignal, native);
      native.cancel();
    }
  }
}

function secretResult({ name, outcome }) {
  return outcome.error ? { name, error: errorOf(outcome.error, outcome.thrown) } : { name, secret: secret(outcome) };
}

module.exports = { ResultIterator };
