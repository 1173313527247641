'use strict';

const {
  CALL,
  GET_SECRETS,
  PAGE_SIZE,
  PROPERTIES,
  PURGE,
  SET,
  SET_SECRETS,
  VERSION,
  bytes,
  count,
  text,
  values,
} = require('./arguments.cjs');
const { call } = require('./call.cjs');
const { settle } = require('./errors.cjs');
const {
  readDeletedSecret,
  readDeletedSecrets,
  readDiagnosis,
  readHistory,
  readProperties,
  readPropertiesList,
  readStats,
} = require('./models.cjs');
const { mailbox } = require('./mailbox.cjs');
const native = require('./native.cjs');
const { pairsOf } = require('./options.cjs');
const { PagedIterator } = require('./pages.cjs');
const { pollerOf } = require('./poller.cjs');
const { ResultIterator } = require('./results.cjs');
const { fetcherOf } = require('./token_credential.cjs');

class SecretClient {
  #native;
  #read;

  constructor(vaultUrl, credential, options) {
    const pairs = pairsOf(credential, options);
    this.#native = settle(native.Client.open(mailbox, text('vaultUrl', vaultUrl), pairs, fetcherOf(credential)));
    this.#read = this.#native.reader();
    this.vaultUrl = settle(this.#native.vaultUrl);
  }

  setSecret(name, value, options) {
    const set = (given) =>
      this.#native.setSecret(text('name', name), text('value', value), given, given, given.timeout);
    return call('setSecret', SET, options, set);
  }

  setSecrets(secrets, options) {
    const begin = (given) => {
      const { concurrency, timeout } = given;
      return this.#native.setSecrets(values('values', secrets), given, given, concurrency, timeout);
    };
    return new ResultIterator({ client: this.#native, operation: 'setSecrets', rules: SET_SECRETS, options, begin });
  }

  getSecret(name, options) {
    const get = ({ version, timeout }) => this.#read(text('name', name), version, timeout);
    return call('getSecret', VERSION, options, get);
  }

  tryGetSecret(name, options) {
    const get = ({ version, timeout }) => this.#native.tryGetSecret(text('name', name), version, timeout);
    return call('tryGetSecret', VERSION, options, get, ({ secret }) => secret);
  }

  getSecrets(options) {
    const begin = (given) => this.#native.getSecrets(given, given.timeout);
    return new ResultIterator({ client: this.#native, operation: 'getSecrets', rules: GET_SECRETS, options, begin });
  }

  getSecretHistory(name, options) {
    const get = ({ timeout }) => this.#native.getSecretHistory(text('name', name), timeout);
    return call('getSecretHistory', CALL, options, get, readHistory);
  }

  rollbackSecret(name, version, options) {
    const roll = ({ timeout }) => this.#native.rollbackSecret(text('name', name), text('version', version), timeout);
    return call('rollbackSecret', CALL, options, roll);
  }

  pruneSecretVersions(name, keep, options) {
    const prune = ({ timeout }) => this.#native.pruneSecretVersions(text('name', name), count('keep', keep), timeout);
    return call('pruneSecretVersions', CALL, options, prune, readPropertiesList);
  }

  updateSecretProperties(name, version, options) {
    const update = (given) =>
      this.#native.updateSecretProperties(text('name', name), text('version', version), given, given.timeout);
    return call('updateSecretProperties', PROPERTIES, options, update, readProperties);
  }

  listPropertiesOfSecrets(options) {
    const list = (page, timeout) => this.#native.listPropertiesOfSecrets(page, timeout);
    return this.#pages('listPropertiesOfSecrets', list, readPropertiesList, options);
  }

  listPropertiesOfSecretVersions(name, options) {
    const list = (page, timeout) => this.#native.listPropertiesOfSecretVersions(text('name', name), page, timeout);
    return this.#pages('listPropertiesOfSecretVersions', list, readPropertiesList, options);
  }

  listDeletedSecrets(options) {
    const list = (page, timeout) => this.#native.listDeletedSecrets(page, timeout);
    return this.#pages('listDeletedSecrets', list, readDeletedSecrets, options);
  }

  beginDeleteSecret(name, options) {
    return pollerOf({
      client: this.#native,
      operation: 'DeleteSecretPoller.deleteSecret',
      name,
      options,
      begin: (...given) => this.#native.beginDeleteSecret(...given),
      shape: readDeletedSecret,
    });
  }

  getDeletedSecret(name, options) {
    const get = ({ timeout }) => this.#native.getDeletedSecret(text('name', name), timeout);
    return call('getDeletedSecret', CALL, options, get, readDeletedSecret);
  }

  beginRecoverDeletedSecret(name, options) {
    return pollerOf({
      client: this.#native,
      operation: 'RecoverDeletedSecretPoller.recoverDeletedSecret',
      name,
      options,
      begin: (...given) => this.#native.beginRecoverDeletedSecret(...given),
      shape: readProperties,
    });
  }

  purgeDeletedSecret(name, options) {
    const purge = ({ wait, timeout }) => this.#native.purgeDeletedSecret(text('name', name), wait, timeout);
    return call('purgeDeletedSecret', PURGE, options, purge);
  }

  diagnose(options) {
    return call('diagnose', CALL, options, ({ timeout }) => this.#native.diagnose(timeout), readDiagnosis);
  }

  backupSecret(name, options) {
    const backup = ({ timeout }) => this.#native.backupSecret(text('name', name), timeout);
    // The official client gives a Buffer, whose methods programs in JavaScript use.
    const asBuffer = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength);
    return call('backupSecret', CALL, options, backup, asBuffer);
  }

  restoreSecretBackup(backup, options) {
    const restore = ({ timeout }) => this.#native.restoreSecretBackup(bytes('backup', backup), timeout);
    return call('restoreSecretBackup', CALL, options, restore, readProperties);
  }

  stats() {
    return readStats(settle(this.#native.stats()));
  }

  close() {
    this.#native.close();
  }

  async [Symbol.asyncDispose]() {
    this.close();
  }

  #pages(operation, list, readItems, options) {
    const fetch = (settings) =>
      call(operation, PAGE_SIZE, options, (given) => list({ ...given, ...settings }, given.timeout));
    return new PagedIterator(fetch, readItems);
  }
}

module.exports = { SecretClient };
