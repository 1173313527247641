'use strict';

const { kindOf, rule } = require('./arguments.cjs');

const object = rule((value) => typeof value === 'object' && value !== null, 'an object with a token');
const filled = rule((value) => typeof value === 'string' && value !== '', 'a string that is not empty');
const moment = rule(Number.isFinite, 'a number of milliseconds since 1970', (ms) => Math.floor(ms / 1000));

const isTokenCredential = (value) => typeof value?.getToken === 'function';

/**
 * Returns the function by which the addon asks a credential; none for one of the core's own. Called with a number and what is
 * wanted, it promises a token; called with the number alone, it gives that fetch up, unless it is over.
 */
function fetcherOf(credential) {
  if (!isTokenCredential(credential)) return undefined;
  const underWay = new Map();
  return (id, wanted) => {
    if (wanted === null) {
      underWay.get(id)?.abort();
      underWay.delete(id);
      return undefined;
    }
    const controller = new AbortController();
    underWay.set(id, controller);
    return fetchToken(credential, wanted, controller.signal).finally(() => underWay.delete(id));
  };
}

async function fetchToken(credential, { scope, ...options }, abortSignal) {
  return tokenOf(await ask(credential, [scope], { ...options, enableCae: true, abortSignal }));
}

async function ask(credential, scopes, options) {
  try {
    return await credential.getToken(scopes, options);
  } catch (cause) {
    throw new Error(`the credential failed: ${textOf(cause)}`, { cause });
  }
}

function textOf(thrown) {
  return typeof thrown?.message === 'string' ? `${thrown.name}: ${thrown.message}` : `it threw ${kindOf(thrown)}`;
}

/** Reads what a credential gave, by the names and in the units of the addon. */
function tokenOf(given) {
  const { token, expiresOnTimestamp, refreshAfterTimestamp } = object("what the credential's getToken gave", given);
  return {
    token: filled("the credential's token", token),
    expiresOn: moment("the credential's expiresOnTimestamp", expiresOnTimestamp),
    refreshOn:
      refreshAfterTimestamp == null
        ? undefined
        : moment("the credential's refreshAfterTimestamp", refreshAfterTimestamp),
  };
}

module.exports = { fetcherOf, isTokenCredential };
