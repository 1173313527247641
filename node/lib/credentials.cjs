'use strict';

const { kindOf, read, text } = require('./arguments.cjs');
const { refusal } = require('./errors.cjs');

/** The method by which a credential becomes client options; a symbol keeps it out of completion lists. */
const asOptions = Symbol('libkv.asOptions');

class StaticTokenCredential {
  #token;

  constructor(token) {
    this.#token = text('token', token);
  }

  [asOptions]() {
    return { credential: 'static_token', 'credential.token': this.#token };
  }
}

class ClientSecretCredential {
  #options;

  constructor(tenantId, clientId, clientSecret, options) {
    this.#options = {
      credential: 'client_secret',
      'credential.tenant_id': text('tenantId', tenantId),
      'credential.client_id': text('clientId', clientId),
      'credential.client_secret': text('clientSecret', clientSecret),
      'credential.authority_host': read({ authorityHost: text }, options).authorityHost,
    };
  }

  [asOptions]() {
    return this.#options;
  }
}

/** Returns what a credential adds to a client's options; nothing where the options name one themselves. */
function optionsOf(credential) {
  if (credential === undefined) return {};
  if (credential?.[asOptions]) return credential[asOptions]();
  const rule = `must be a StaticTokenCredential or a ClientSecretCredential, got ${kindOf(credential)}`;
  throw refusal('invalid_argument', 'credential', rule);
}

module.exports = { ClientSecretCredential, StaticTokenCredential, optionsOf };
