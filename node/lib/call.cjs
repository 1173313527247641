'use strict';

const { forget, throwIfAborted, watch } = require('./abort.cjs');
const { attend } = require('./diagnostics.cjs');
const { settle } = require('./errors.cjs');
const { mailbox, outcomeOf, takesTime } = require('./mailbox.cjs');
const { beginSpan, within } = require('./tracing.cjs');

/** Makes an operation's call of the addon: `start` gets its timeout. */
function call(operation, given, start) {
  const span = beginSpan(operation, given);
  return span === undefined ? ask(given, start) : within(span, ask(given, start));
}

/** Makes a call that is part of an operation. An abort rejects with the signal's reason; what the vault has done by then stays done. */
async function ask({ timeout, abortSignal }, start) {
  throwIfAborted(abortSignal);
  attend();
  const reply = start(timeout);
  if (!takesTime(reply)) return settle(reply);
  if (abortSignal === undefined) return settle(await outcomeOf(reply));
  const handle = { cancel: () => mailbox.cancel(reply) };
  watch(abortSignal, handle);
  try {
    return settle(await outcomeOf(reply));
  } catch (error) {
    if (error.kind === 'cancelled') throwIfAborted(abortSignal);
    throw error;
  } finally {
    forget(abortSignal, handle);
  }
}

module.exports = { ask, call };
