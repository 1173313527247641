// The events that the Node adapter hears of, on the package's channels.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate as turn } from 'node:timers/promises';

import native from '../../node/lib/native.cjs';

const LEVELS = ['off', 'error', 'warn', 'info', 'debug'];

let events = [];
let heard = [];

/** Gives the events that came since the last time, and listens at another level from here on. */
export async function takeEvents(level = 'off') {
  native.flushEvents();
  // What is on its way comes in the turn after this one.
  for (let turns = 0; turns < 2; turns++) await turn();
  for (const each of heard) unsubscribe(...each);
  const taken = events;
  events = [];
  heard = level === 'off' ? [] : [...new Set(native.eventTargets())].map((target) => listener(target, level));
  for (const each of heard) subscribe(...each);
  return taken;
}

function listener(target, level) {
  const hear = (record) => {
    if (LEVELS.indexOf(record.level) <= LEVELS.indexOf(level)) events.push({ target, ...record });
  };
  return [target.replace('::', ':'), hear];
}
