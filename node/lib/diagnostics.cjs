'use strict';

const { channel } = require('node:diagnostics_channel');

const { settle } = require('./errors.cjs');
const { logger } = require('./logger.cjs');
const native = require('./native.cjs');

/** The channels by what the core calls their events: `libkv:retry` has those of `libkv::retry`. */
const channels = new Map(native.eventTargets().map((target) => [target, channel(target.replace('::', ':'))]));
const allChannels = [...channels.values()];

/** What prints an event, by its level. */
const { error, warning, info, verbose } = logger;
const printers = { ERROR: error, WARN: warning, INFO: info, DEBUG: verbose };

/**
 * What the addon's core is heard with, once somebody has wanted to. Copies of this module that a thread has loaded share it: each
 * by itself would hear and tell of all clients.
 */
const HEARING = Symbol.for(`libkv.hearing ${native.file}`);
process[HEARING] ??= { ear: undefined, isListening: false };
const hearing = process[HEARING];

/** Listens to the core from the first call on for which somebody wants to hear of it, until a call for which nobody does. */
function attend() {
  const isPrinting = error.enabled || warning.enabled || info.enabled || verbose.enabled;
  const isWanted = isPrinting || allChannels.some((each) => each.hasSubscribers);
  if (isWanted === hearing.isListening) return;
  hearing.ear ??= openEar();
  if (isWanted) settle(hearing.ear.listen());
  else hearing.ear.ignore();
  hearing.isListening = isWanted;
}

function openEar() {
  // No turn of the event loop comes any more that would bring what was told last.
  process.on('exit', () => {
    native.flushEvents();
    hear();
  });
  return new native.Ear(hear);
}

function hear() {
  for (const json of hearing.ear.take()) tell(JSON.parse(json));
}

const camelCase = (name) => name.replace(/_[a-z]/g, ([, letter]) => letter.toUpperCase());

function tell({ level, target, message, fields }) {
  printers[level]('%s %s: %s %j', level, target, message, fields);
  const named = Object.entries(fields).map(([name, value]) => [camelCase(name), value]);
  channels.get(target).publish({ level: level.toLowerCase(), message, ...Object.fromEntries(named) });
}

module.exports = { attend };
