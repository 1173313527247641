'use strict';

const native = require('./native.cjs');

/** How many answers are taken in one turn of the event loop, so that timers and other input have theirs in between. */
const MOST_PER_TURN = 128;

/** What waits for an answer, by the number of the call. */
const waiting = new Map();

/** Bun and Deno take addons, but have event loops of their own. */
const hasLibuv = !process.versions.bun && !process.versions.deno;

const mailbox = new native.Mailbox(takeAnswers, MOST_PER_TURN, hasLibuv);
const depart = mailbox.departure();

/** Takes the number of a call, its answer, and so on. */
function takeAnswers(...answers) {
  for (let at = 0; at < answers.length; at += 2) {
    const settle = waiting.get(answers[at]);
    waiting.delete(answers[at]);
    settle(answers[at + 1]);
  }
  if (answers.length === 2 * MOST_PER_TURN) setImmediate(() => mailbox.give());
}

/** Whether the addon has given a call's number instead of its outcome, which takes time then. */
const takesTime = (reply) => typeof reply === 'number';

const now = Promise.resolve();
let isDeparting = false;

/** Promises the outcome of a call that takes time. It leaves with those that are made before the microtasks of this turn end. */
function outcomeOf(number) {
  if (!isDeparting) {
    isDeparting = true;
    now.then(leave);
  }
  return new Promise((resolve) => waiting.set(number, resolve));
}

function leave() {
  isDeparting = false;
  depart();
}

module.exports = { mailbox, outcomeOf, takesTime };
