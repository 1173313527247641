'use strict';

const { debuglog, format } = require('node:util');

/** Says where NODE_DEBUG names libkv. */
const { enabled } = debuglog('libkv');

/** Makes a function that prints what it is given while it is enabled, by its `log`, which programs may replace. */
function printer(namespace) {
  const print = (...args) => {
    if (!print.enabled) return;
    try {
      print.log(...args);
    } catch {
      // It is called from the event loop, where what a program's own function throws would end the process.
    }
  };
  return Object.assign(print, {
    namespace,
    enabled,
    log: (...args) => process.stderr.write(`LIBKV ${process.pid}: ${format(...args)}\n`),
    extend: (name) => printer(`${namespace}:${name}`),
    destroy() {
      print.enabled = false;
      return true;
    },
  });
}

/** The official client's logger: a function for each level. */
const logger = Object.fromEntries(
  ['error', 'warning', 'info', 'verbose'].map((level) => [level, printer(`libkv:${level}`)]),
);

module.exports = { logger };
