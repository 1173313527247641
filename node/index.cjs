'use strict';

const { SecretClient } = require('./lib/client.cjs');
const { credentials } = require('./lib/credentials.cjs');
const { classes } = require('./lib/errors.cjs');
const { parseKeyVaultSecretIdentifier } = require('./lib/identifier.cjs');

module.exports = {
  SecretClient,
  parseKeyVaultSecretIdentifier,
  ...credentials,
  ...classes,
};
