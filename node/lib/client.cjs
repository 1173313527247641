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
const { call, settle } = require('./call.cjs');
const { deletedSecret, diagnosisStep, secret, secretProperties, secretVersion, stats } = require('./models.cjs');
const native = require('./native.cjs');
const { numberOf, pairsOf } = require('./options.cjs');
const { PagedIterator } = require('./pages.cjs');
const { pollerOf } = require('./poller.cjs');
const { ResultIterator } = require('./results.cjs');
const { fetcherOf } = require('./token_credential.cjs');

class SecretClient {
  #native;
  #pace;

  constructor(vaultUrl, credential, options) {
    const pairs = pairsOf(credential, options);
    this.#native = settle(native.Client.open(text('vaultUrl', vaultUrl), pairs, fetcherOf(credential)));
    this.#pace = { timeout: numberOf(pairs, 'timeout_ms'), longestPause: numberOf(pairs, 'poll_interval_ms') };
    this.vaultUrl = settle(this.#native.vaultUrl);
  }

  async setSecret(name, value, options) {
    const given = read(SET, options);
    const what = () => [text('name', name), text('value', value)];
    const set = (handle) => this.#native.setSecret(...what(), given, given, handle);
    return secret(await call(given, set));
  }

  setSecrets(secrets, options) {
    const begin = (given) => {
      const { concurrency, timeout } = given;
      return this.#native.setSecrets(values('values', secrets), given, given, concurrency, timeout);
    };
    return new ResultIterator(SET_SECRETS, options, begin);
  }

  async getSecret(name, options) {
    const given = read(VERSION, options);
    const get = (handle) => this.#native.getSecret(text('name', name), given.version, handle);
    return secret(await call(given, get));
  }

  async tryGetSecret(name, options) {
    const given = read(VERSION, options);
    const get = (handle) => this.#native.tryGetSecret(text('name', name), given.version, handle);
    const found = await call(given, get);
    return found.secret && secret(found.secret);
  }

  getSecrets(options) {
    return new ResultIterator(GET_SECRETS, options, (given) => this.#native.getSecrets(given, given.timeout));
  }

  async getSecretHistory(name, options) {
    const get = (handle) => this.#native.getSecretHistory(text('name', name), handle);
    return (await call(read(CALL, options), get)).map(secretVersion);
  }

  async rollbackSecret(name, version, options) {
    const which = () => [text('name', name), text('version', version)];
    return secret(await call(read(CALL, options), (handle) => this.#native.rollbackSecret(...which(), handle)));
  }

  async pruneSecretVersions(name, keep, options) {
    const which = () => [text('name', name), count('keep', keep)];
    const prune = (handle) => this.#native.pruneSecretVersions(...which(), handle);
    return (await call(read(CALL, options), prune)).map(secretProperties);
  }

  async updateSecretProperties(name, version, options) {
    const given = read(PROPERTIES, options);
    const which = () => [text('name', name), text('version', version)];
    const update = (handle) => this.#native.updateSecretProperties(...which(), given, handle);
    return secretProperties(await call(given, update));
  }

  listPropertiesOfSecrets(options) {
    const list = (page, handle) => this.#native.listPropertiesOfSecrets(page, handle);
    return this.#pages(list, secretProperties, options);
  }

  listPropertiesOfSecretVersions(name, options) {
    const list = (page, handle) => this.#native.listPropertiesOfSecretVersions(text('name', name), page, handle);
    return this.#pages(list, secretProperties, options);
  }

  listDeletedSecrets(options) {
    const list = (page, handle) => this.#native.listDeletedSecrets(page, handle);
    return this.#pages(list, deletedSecret, options);
  }

  async beginDeleteSecret(name, options) {
    const begin = (handle) => this.#native.beginDeleteSecret(text('name', name), handle);
    const find = (given) => this.getDeletedSecret(name, given);
    return pollerOf({ name, options, pace: this.#pace, begin, find, shape: deletedSecret });
  }

  async getDeletedSecret(name, options) {
    const get = (handle) => this.#native.getDeletedSecret(text('name', name), handle);
    return deletedSecret(await call(read(CALL, options), get));
  }

  async beginRecoverDeletedSecret(name, options) {
    const begin = (handle) => this.#native.beginRecoverDeletedSecret(text('name', name), handle);
    const find = async (given) => (await this.getSecret(name, given)).properties;
    return pollerOf({ name, options, pace: this.#pace, begin, find, shape: secretProperties });
  }

  async purgeDeletedSecret(name, options) {
    const given = read(PURGE, options);
    await call(given, (handle) => this.#native.purgeDeletedSecret(text('name', name), given.wait, handle));
  }

  async diagnose(options) {
    return (await call(read(CALL, options), (handle) => this.#native.diagnose(handle))).map(diagnosisStep);
  }

  async backupSecret(name, options) {
    return call(read(CALL, options), (handle) => this.#native.backupSecret(text('name', name), handle));
  }

  async restoreSecretBackup(backup, options) {
    const restore = (handle) => this.#native.restoreSecretBackup(bytes('backup', backup), handle);
    return secretProperties(await call(read(CALL, options), restore));
  }

  stats() {
    return stats(settle(this.#native.stats()));
  }

  close() {
    this.#native.close();
  }

  async [Symbol.asyncDispose]() {
    this.close();
  }

  #pages(list, shape, options) {
    const fetch = async (settings) => {
      const given = read(PAGE_SIZE, options);
      return call(given, (handle) => list({ ...given, ...settings }, handle));
    };
    return new PagedIterator(fetch, shape);
  }
}

module.exports = { SecretClient };
