'use strict';

const { isRecord, kindOf } = require('./arguments.cjs');
const { refusal } = require('./errors.cjs');

/** What an option of the official client is in libkv's own options. */
const TAKEN = {
  serviceVersion: (apiVersion) => ({ apiVersion }),
  allowInsecureConnection: (allowHttp) => ({ allowHttp }),
  disableChallengeResourceVerification: (disabled) => ({ verifyChallengeResource: !disabled }),
  retryOptions: members({
    maxRetries: (retries) => ({ 'retry.maxAttempts': Number(retries) + 1 }),
    retryDelayInMs: (delay) => ({ 'retry.baseDelayMs': delay }),
    maxRetryDelayInMs: (delay) => ({ 'retry.maxDelayMs': delay }),
  }),
  proxyOptions: (proxy, name) => ({ proxy: proxyUrl(proxy, name) }),
};

/** Why an option of the official client is not taken. */
const NOT_TAKEN = {
  additionalPolicies: 'requests go through no policies of the caller',
  agent: 'connections are made outside Node',
  credentials: 'the credential is an argument of its own',
  endpoint: 'the vault URL is an argument of its own',
  httpClient: 'connections are made outside Node',
  keepAliveOptions: 'connections are always kept alive',
  loggingOptions: 'requests are not logged',
  pipeline: 'requests go through no policies of the caller',
  redirectOptions: 'redirects are never followed',
  telemetryOptions: 'requests carry the headers that the service documents',
  tlsOptions: 'trust another authority with caFile, the path of a PEM file',
  userAgentOptions: 'the user agent is libkv',
};

/** Gives options with the official client's among them replaced by libkv's own. */
function ownOptions(options) {
  return replace(TAKEN, options, (name, value) => {
    if (Object.hasOwn(NOT_TAKEN, name)) throw refusal('invalid_config', name, `is not supported: ${NOT_TAKEN[name]}`);
    return { [name]: value };
  });
}

/** Makes the translation of an option that has members of its own. */
function members(taken) {
  return (value, name) => {
    if (!isRecord(value)) throw refusal('invalid_config', name, `must be a plain object, got ${kindOf(value)}`);
    return replace(taken, value, (member) => {
      const known = Object.keys(taken).join(', ');
      throw refusal('invalid_config', `${name}.${member}`, `is not an option; the options are ${known}`);
    });
  };
}

/** Puts together what the translations in `taken`, or else `otherwise`, make of each option that has a value. */
function replace(taken, options, otherwise) {
  const own = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    Object.assign(own, Object.hasOwn(taken, name) ? taken[name](value, name) : otherwise(name, value));
  }
  return own;
}

function proxyUrl(proxy, name) {
  const { host, port, username = '', password = '' } = proxy ?? {};
  if (!URL.canParse(host) || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw refusal('invalid_config', name, 'must have the URL of a proxy as its host, and a port from 1 to 65535');
  }
  // The setters encode what a URL cannot hold as it is.
  return Object.assign(new URL(host), { port, username, password }).href;
}

module.exports = { NOT_TAKEN, ownOptions };
