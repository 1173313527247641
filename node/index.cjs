'use strict';

const { SecretClient } = require('./lib/client.cjs');
const { ClientSecretCredential, StaticTokenCredential } = require('./lib/credentials.cjs');
const { classes } = require('./lib/errors.cjs');
const { parseKeyVaultSecretIdentifier } = require('./lib/identifier.cjs');

module.exports = {
  SecretClient,
  ClientSecretCredential,
  StaticTokenCredential,
  parseKeyVaultSecretIdentifier,
  ...classes,
};
