'use strict';

const { isRecord, kindOf } = require('./arguments.cjs');
const { optionsOf } = require('./credentials.cjs');
const { refusal } = require('./errors.cjs');
const { ownOptions } = require('./official_options.cjs');

const snakeCase = (name) => name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * Flattens options to the core's pairs by the rule of case alone: `{ retry: { maxAttempts: 3 } }` becomes
 * `retry.max_attempts` and `3`. Which options there are, the core knows.
 */
function* flatten(options, prefix = '') {
  for (const [name, value] of Object.entries(options)) {
    const key = prefix + snakeCase(name);
    if (value === undefined) continue;
    if (isRecord(value)) yield* flatten(value, `${key}.`);
    else if (['string', 'number', 'boolean'].includes(typeof value)) yield [key, String(value)];
    else throw refusal('invalid_config', key, `must be a string, a number or a boolean, got ${kindOf(value)}`);
  }
}

/**
 * Returns a client's options as pairs. A later pair wins over an earlier one of the same key: what Node trusts comes first, the
 * credential last.
 */
function pairsOf(credential, options = {}) {
  if (!isRecord(options)) throw refusal('invalid_config', 'options', `must be a plain object, got ${kindOf(options)}`);
  const trusted = { caFile: process.env.NODE_EXTRA_CA_CERTS || undefined };
  return [...flatten(trusted), ...flatten(ownOptions(options)), ...flatten(optionsOf(credential))];
}

module.exports = { pairsOf };
