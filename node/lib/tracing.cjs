'use strict';

/** Where `@opentelemetry/api` keeps what a program has set up; absent where it has not. */
const SET_UP = Symbol.for('opentelemetry.js.api.1');

let loaded;

/** Returns OpenTelemetry's API where the program uses it. It is not loaded before, because that takes time. */
function api() {
  if (globalThis[SET_UP] === undefined) return undefined;
  if (loaded === undefined) {
    try {
      loaded = require('@opentelemetry/api');
    } catch {
      // The program's copy is out of this package's reach.
      loaded = null;
    }
  }
  return loaded ?? undefined;
}

/**
 * Begins an operation's span, by its official name, in the caller's context or in the one that the options name. A name without
 * a class is a method of the client. There is none where the program has not set up OpenTelemetry.
 */
function beginSpan(operation, { tracingOptions }) {
  const telemetry = api();
  if (telemetry === undefined) return undefined;
  const { SpanKind, SpanStatusCode, context, trace } = telemetry;
  const settings = { kind: SpanKind.INTERNAL, attributes: { 'az.namespace': 'Microsoft.KeyVault' } };
  const { version } = require('../package.json');
  const parent = tracingOptions?.tracingContext ?? context.active();
  const name = operation.includes('.') ? operation : `SecretClient.${operation}`;
  const span = trace.getTracer('libkv', version).startSpan(name, settings, parent);
  return {
    fail(error) {
      // The reason of a signal can be anything.
      const { kind, name = '_OTHER', message } = Object(error);
      span.setAttribute('error.type', kind ?? name);
      span.setStatus({ code: SpanStatusCode.ERROR, message });
    },
    end: () => span.end(),
  };
}

/** Gives what an operation comes to, and puts it into the operation's span. */
async function within(span, run) {
  try {
    return await run();
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}

module.exports = { beginSpan, within };
