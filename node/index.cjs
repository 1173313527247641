'use strict';

const { SecretClient } = require('./lib/client.cjs');
const { credentials } = require('./lib/credentials.cjs');
const { RestError, classes, isRestError } = require('./lib/errors.cjs');
const { parseKeyVaultSecretIdentifier } = require('./lib/identifier.cjs');
const { KnownContentType, KnownDeletionRecoveryLevel } = require('./lib/known.cjs');
const { logger } = require('./lib/logger.cjs');

module.exports = {
  SecretClient,
  parseKeyVaultSecretIdentifier,
  KnownContentType,
  KnownDeletionRecoveryLevel,
  RestError,
  isRestError,
  logger,
  ...credentials,
  ...classes,
};
