'use strict';

const { kindOf, read, text } = require('./arguments.cjs');
const { refusal } = require('./errors.cjs');
const { isTokenCredential } = require('./token_credential.cjs');

/**
 * The core's own credentials under their official names: what the option `credential` calls each, its arguments and its
 * options, all of them text. An argument of `groups` may be an object with those members instead.
 */
const CREDENTIALS = {
  DefaultAzureCredential: {
    credential: 'default',
    options: ['tenantId', 'managedIdentityClientId', 'managedIdentityResourceId', 'authorityHost'],
  },
  EnvironmentCredential: { credential: 'environment', options: ['authorityHost'] },
  WorkloadIdentityCredential: {
    credential: 'workload_identity',
    options: ['tenantId', 'clientId', 'tokenFilePath', 'authorityHost'],
  },
  ManagedIdentityCredential: {
    credential: 'managed_identity',
    shorthand: 'clientId',
    options: ['clientId', 'objectId', 'resourceId'],
  },
  AzureCliCredential: { credential: 'azure_cli', options: ['tenantId'] },
  AzurePowerShellCredential: { credential: 'azure_powershell', options: ['tenantId'] },
  AzureDeveloperCliCredential: { credential: 'azure_developer_cli', options: ['tenantId'] },
  ClientSecretCredential: {
    credential: 'client_secret',
    args: ['tenantId', 'clientId', 'clientSecret'],
    options: ['authorityHost'],
  },
  ClientCertificateCredential: {
    credential: 'client_certificate',
    args: ['tenantId', 'clientId', 'certificatePath'],
    groups: { certificatePath: ['certificatePath', 'certificatePassword'] },
    options: ['authorityHost'],
  },
  StaticTokenCredential: { credential: 'static_token', args: ['token'], options: [] },
};

/** The core's names, where the official ones are others. */
const CORE_NAMES = {
  managedIdentityClientId: 'clientId',
  managedIdentityResourceId: 'resourceId',
  tokenFilePath: 'federatedTokenFile',
};

/** The method by which a credential becomes client options; a symbol keeps it out of completion lists. */
const asOptions = Symbol('libkv.asOptions');

/** Makes a credential's class. Its `shorthand` is an option that may also be given alone, as the first argument. */
function classOf(name, { credential, args = [], groups = {}, options, shorthand }) {
  const rulesOf = (names) => Object.fromEntries(names.map((name) => [name, text]));
  const rules = rulesOf(options);
  const made = class {
    #options = { credential };

    constructor(...given) {
      const positional = shorthand && typeof given[0] === 'string' ? [shorthand] : args;
      const named = read(rules, given[positional.length]);
      for (const [place, arg] of positional.entries()) {
        const value = given[place];
        const isObject = groups[arg] && typeof value === 'object';
        Object.assign(named, isObject ? read(rulesOf(groups[arg]), value, arg) : { [arg]: text(arg, value) });
      }
      for (const [option, value] of Object.entries(named)) {
        this.#options[`credential.${CORE_NAMES[option] ?? option}`] = value;
      }
    }

    [asOptions]() {
      return this.#options;
    }
  };
  return Object.defineProperty(made, 'name', { value: name });
}

const credentials = Object.fromEntries(Object.entries(CREDENTIALS).map(([name, row]) => [name, classOf(name, row)]));

/** Returns what a credential adds to a client's options; nothing where it is asked itself, or where the options name one. */
function optionsOf(credential) {
  if (credential === undefined || isTokenCredential(credential)) return {};
  if (credential?.[asOptions]) return credential[asOptions]();
  const rule = `must be one of libkv's credentials or an object with a method getToken, got ${kindOf(credential)}`;
  throw refusal('invalid_argument', 'credential', rule);
}

module.exports = { credentials, optionsOf };
