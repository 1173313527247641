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
  const outcome = span === undefined ? ask(given, start) : within(span, () => ask(given, start));
  // Whoever awaits what is there already waits for nothing. A program may have put another class in the place of Promise.
  return shape(typeof outcome?.then === 'function' ? await outcome : outcome);
}

/**
 * Makes a call that is part of an operation, and gives its outcome, or promises it where that takes time. An abort throws the
 * signal's reason; what the vault has done by then stays done.
 */
function ask(given, start) {
  throwIfAborted(given.abortSignal);
  attend();
  const reply = start(given);
  return takesTime(reply) ? answerTo(reply, given.abortSignal) : settle(reply);
}

async function answerTo(number, abortSignal) {
  if (abortSignal === undefined) return settle(await outcomeOf(number));
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
