'use strict';

const { channel } = require('node:diagnostics_channel');

const { settle } = require('./errors.cjs');
const { logger } = require('./logger.cjs');
const native = require('./native.cjs');

/** The channels by what the core calls their events: `libkv:retry` has those of `libkv::retry`. */
const channels = new Map(native.eventTargets().map((target) => [target, channel(target.replace('::', ':'))]));
const all = [...channels.values()];

/** What prints an event, by its level. */
const printers = { ERROR: logger.error, WARN: logger.warning, INFO: logger.info, DEBUG: logger.verbose };
const isPrinting = () => Object.values(printers).some(({ enabled }) => enabled);

/** What the core is heard with, once somebody has wanted to. */
let ear;
let isListening = false;

/** Listens to the core from the first call on for which somebody wants to hear of it, until a call for which nobody does. */
function attend() {
  const isWanted = isPrinting() || all.some((each) => each.hasSubscribers);
  if (isWanted === isListening) return;
  ear ??= openEar();
  if (isWanted) settle(ear.listen());
  else ear.ignore();
  isListening = isWanted;
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
  for (const json of ear.take()) tell(JSON.parse(json));
}

const camelCase = (name) => name.replace(/_[a-z]/g, ([, letter]) => letter.toUpperCase());

function tell({ level, target, message, fields }) {
  printers[level]('%s %s: %s %j', level, target, message, fields);
  const named = Object.entries(fields).map(([name, value]) => [camelCase(name), value]);
  channels.get(target).publish({ level: level.toLowerCase(), message, ...Object.fromEntries(named) });
}

module.exports = { attend };
