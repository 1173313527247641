'use strict';

const { forget, throwIfAborted, watch } = require('./abort.cjs');
const { errorOf } = require('./errors.cjs');
const native = require('./native.cjs');

/** Returns what the addon answered, or throws the error that it answered instead. */
function settle(outcome) {
  if (outcome?.error) throw errorOf(outcome.error, outcome.thrown);
  return outcome;
}

/**
 * Makes a call of the addon: `start` gets what carries the call's deadline and cancellation, if it has one.
 * An abort rejects with the signal's reason; what the vault has done by then stays done.
 */
async function call({ timeout, abortSignal }, start) {
  if (abortSignal === undefined) {
    return settle(await start(timeout === undefined ? undefined : new native.Call(timeout)));
  }
  throwIfAborted(abortSignal);
  const handle = new native.Call(timeout);
  watch(abortSignal, handle);
  try {
    const outcome = await start(handle);
    if (outcome?.error?.kind === 'cancelled') throwIfAborted(abortSignal);
    return settle(outcome);
  } finally {
    forget(abortSignal, handle);
  }
}

module.exports = { call, settle };
