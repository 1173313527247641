import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import { makeVault } from './vault.mjs';

const require = createRequire(new URL('../../node/package.json', import.meta.url));
const { ROOT_CONTEXT, SpanStatusCode, context, trace } = require('@opentelemetry/api');
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-base');

const secrets = [{ name: 'db', value: 'hunter2' }];
const { client } = await makeVault({ given: { secrets } });
await client.getSecret('db');

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
trace.setGlobalTracerProvider(provider);
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const tracer = provider.getTracer('test');

/** The spans that a function causes. */
async function spansOf(run) {
  exporter.reset();
  await run();
  return exporter.getFinishedSpans();
}

test('an operation is a span by its official name, in the active context', async () => {
  const parent = tracer.startSpan('parent');
  const spans = await spansOf(() => {
    return context.with(trace.setSpan(ROOT_CONTEXT, parent), async () => {
      await client.getSecret('db');
      await client.listPropertiesOfSecrets().next();
      for await (const _ of client.getSecrets({ names: ['db', 'none'] }));
    });
  });
  assert.deepEqual(
    spans.map(({ name }) => name),
    ['SecretClient.getSecret', 'SecretClient.listPropertiesOfSecrets', 'SecretClient.getSecrets'],
  );
  for (const span of spans) {
    assert.equal(span.parentSpanContext.spanId, parent.spanContext().spanId);
    assert.deepEqual(span.attributes, { 'az.namespace': 'Microsoft.KeyVault' });
    assert.equal(span.instrumentationScope.name, 'libkv');
    assert.ok(span.ended);
  }
});

test('what begins in the vault has the names of the official pollers', async () => {
  const spans = await spansOf(async () => {
    await (await client.beginDeleteSecret('db')).pollUntilDone();
    await (await client.beginRecoverDeletedSecret('db')).pollUntilDone();
  });
  assert.deepEqual(
    spans.map(({ name }) => name),
    ['DeleteSecretPoller.deleteSecret', 'RecoverDeletedSecretPoller.recoverDeletedSecret'],
  );
});

test('a failure is the span’s', async () => {
  const [span] = await spansOf(() => assert.rejects(client.getSecret('none')));
  assert.equal(span.attributes['error.type'], 'not_found');
  assert.equal(span.status.code, SpanStatusCode.ERROR);
});

test('an abort is a failure, whatever its reason', async () => {
  const spans = await spansOf(async () => {
    for (const reason of [new RangeError('mine'), null]) {
      const abortSignal = AbortSignal.abort(reason);
      await assert.rejects(client.getSecret('db', { abortSignal }), (error) => error === reason);
      await assert.rejects(client.getSecrets({ names: ['db'], abortSignal }).next(), (error) => error === reason);
    }
  });
  assert.deepEqual(
    spans.map(({ attributes }) => attributes['error.type']),
    ['RangeError', '_OTHER'],
  );
});

test('the caller may name the context', async () => {
  const parent = tracer.startSpan('named');
  const tracingOptions = { tracingContext: trace.setSpan(ROOT_CONTEXT, parent) };
  const [span] = await spansOf(() => client.setSecret('db', 'hunter3', { tracingOptions }));
  assert.equal(span.name, 'SecretClient.setSecret');
  assert.equal(span.parentSpanContext.spanId, parent.spanContext().spanId);
  assert.ok(!JSON.stringify([span.attributes, span.status, span.events]).includes('hunter'));
});
