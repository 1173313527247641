'use strict';

const { forget, throwIfAborted, watch } = require('./abort.cjs');
const { read } = require('./arguments.cjs');
const { attend } = require('./diagnostics.cjs');
const { settle } = require('./errors.cjs');
const { mailbox, outcomeOf, takesTime } = require('./mailbox.cjs');
const { beginSpan, within } = require('./tracing.cjs');

/**
 * Makes an operation's call of the addon: `start` begins it with the options, as `rules` read them, and `shape` makes of its
 * outcome what the caller gets.
 */
async function call(operation, rules, options, start, shape = (outcome) => outcome) {
  const given = read(rules, options);
  const span = beginSpan(operation, given);
  if (span !== undefined) return shape(await within(span, () => ask(given, start)));
  const reply = begin(given, start);
  // Each function that waits makes a call dearer, so that most calls wait here alone.
  return shape(settle(takesTime(reply) ? await answerTo(reply, given.abortSignal) : reply));
}

/**
 * Makes a call that is part of an operation. An abort throws the signal's reason; what the vault has done by then stays done.
 */
async function ask(given, start) {
  const reply = begin(given, start);
  return settle(takesTime(reply) ? await answerTo(reply, given.abortSignal) : reply);
}

/** Begins a call, and gives its outcome, or its number where that takes time. */
function begin(given, start) {
  throwIfAborted(given.abortSignal);
  attend();
  return start(given);
}

/** Promises a call's outcome, unless it is aborted. */
function answerTo(number, abortSignal) {
  return abortSignal === undefined ? outcomeOf(number) : outcomeUnlessAborted(number, abortSignal);
}

async function outcomeUnlessAborted(number, abortSignal) {
  const handle = { cancel: () => mailbox.cancel(number) };
  watch(abortSignal, handle);
  try {
    return settle(await outcomeOf(number));
  } catch (error) {
    if (error.kind === 'cancelled') throwIfAborted(abortSignal);
    throw error;
  } finally {
    forget(abortSignal, handle);
  }
}

module.exports = { ask, call };
