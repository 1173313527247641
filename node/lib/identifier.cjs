'use strict';

const { text } = require('./arguments.cjs');
const { settle } = require('./errors.cjs');
const native = require('./native.cjs');

function parseKeyVaultSecretIdentifier(id) {
  return settle(native.parseSecretId(text('id', id)));
}

module.exports = { parseKeyVaultSecretIdentifier };
