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
  read,
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
  readSecret,
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

  constructor(vaultUrl, credential, options) {
    const pairs = pairsOf(credential, options);
    this.#native = settle(native.Client.open(mailbox, text('vaultUrl', vaultUrl), pairs, fetcherOf(credential)));
    this.vaultUrl = settle(this.#native.vaultUrl);
  }

  async setSecret(name, value, options) {
    const given = read(SET, options);
    const what = () => [text('name', name), text('value', value)];
    const set = (timeout) => this.#native.setSecret(...what(), given, given, timeout);
    return readSecret(await call('setSecret', given, set));
  }

  setSecrets(secrets, options) {
    const begin = (given) => {
      const { concurrency, timeout } = given;
      return this.#native.setSecrets(values('values', secrets), given, given, concurrency, timeout);
    };
    return new ResultIterator({ client: this.#native, operation: 'setSecrets', rules: SET_SECRETS, options, begin });
  }

  async getSecret(name, options) {
    const given = read(VERSION, options);
    const get = (timeout) => this.#native.getSecret(text('name', name), given.version, timeout);
    return readSecret(await call('getSecret', given, get));
  }

  async tryGetSecret(name, options) {
    const given = read(VERSION, options);
    const get = (timeout) => this.#native.tryGetSecret(text('name', name), given.version, timeout);
    const found = await call('tryGetSecret', given, get);
    return found.secret && readSecret(found.secret);
  }

  getSecrets(options) {
    const begin = (given) => this.#native.getSecrets(given, given.timeout);
    return new ResultIterator({ client: this.#native, operation: 'getSecrets', rules: GET_SECRETS, options, begin });
  }

  async getSecretHistory(name, options) {
    const get = (timeout) => this.#native.getSecretHistory(text('name', name), timeout);
    return readHistory(await call('getSecretHistory', read(CALL, options), get));
  }

  async rollbackSecret(name, version, options) {
    const which = () => [text('name', name), text('version', version)];
    return readSecret(
      await call('rollbackSecret', read(CALL, options), (timeout) => this.#native.rollbackSecret(...which(), timeout)),
    );
  }

  async pruneSecretVersions(name, keep, options) {
    const which = () => [text('name', name), count('keep', keep)];
    const prune = (timeout) => this.#native.pruneSecretVersions(...which(), timeout);
    return readPropertiesList(await call('pruneSecretVersions', read(CALL, options), prune));
  }

  async updateSecretProperties(name, version, options) {
    const given = read(PROPERTIES, options);
    const which = () => [text('name', name), text('version', version)];
    const update = (timeout) => this.#native.updateSecretProperties(...which(), given, timeout);
    return readProperties(await call('updateSecretProperties', given, update));
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

  async beginDeleteSecret(name, options) {
    return pollerOf({
      client: this.#native,
      operation: 'beginDeleteSecret',
      name,
      options,
      begin: (...given) => this.#native.beginDeleteSecret(...given),
      shape: readDeletedSecret,
    });
  }

  async getDeletedSecret(name, options) {
    const get = (timeout) => this.#native.getDeletedSecret(text('name', name), timeout);
    return readDeletedSecret(await call('getDeletedSecret', read(CALL, options), get));
  }

  async beginRecoverDeletedSecret(name, options) {
    return pollerOf({
      client: this.#native,
      operation: 'beginRecoverDeletedSecret',
      name,
      options,
      begin: (...given) => this.#native.beginRecoverDeletedSecret(...given),
      shape: readProperties,
    });
  }

  async purgeDeletedSecret(name, options) {
    const given = read(PURGE, options);
    await call('purgeDeletedSecret', given, (timeout) =>
      this.#native.purgeDeletedSecret(text('name', name), given.wait, timeout),
    );
  }

  async diagnose(options) {
    return readDiagnosis(await call('diagnose', read(CALL, options), (timeout) => this.#native.diagnose(timeout)));
  }

  async backupSecret(name, options) {
    return call('backupSecret', read(CALL, options), (timeout) =>
      this.#native.backupSecret(text('name', name), timeout),
    );
  }

  async restoreSecretBackup(backup, options) {
    const restore = (timeout) => this.#native.restoreSecretBackup(bytes('backup', backup), timeout);
    return readProperties(await call('restoreSecretBackup', read(CALL, options), restore));
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
    const fetch = async (settings) => {
      const given = read(PAGE_SIZE, options);
      return call(operation, given, (timeout) => list({ ...given, ...settings }, timeout));
    };
    return new PagedIterator(fetch, readItems);
  }
}

module.exports = { SecretClient };
