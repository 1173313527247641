'use strict';

const path = require('node:path');

const addon = path.join(__dirname, '..', 'libkv.node');

function load() {
  try {
    return require(addon);
  } catch (cause) {
    const message = `libkv's addon cannot be loaded from ${addon}; in a checkout, run: make build`;
    throw new Error(message, { cause });
  }
}

module.exports = load();
