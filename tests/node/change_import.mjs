// Loaded ahead of a program that is written for the official package: there, its import means libkv.

import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) register(import.meta.url);

const node = new URL('../../node/', import.meta.url);

export function resolve(specifier, context, next) {
  if (specifier === '@azure/keyvault-secrets') return { url: new URL('index.mjs', node).href, shortCircuit: true };
  // What it takes tokens with stays, from where the package's own tests have it.
  return next(specifier, specifier.startsWith('@azure/') ? { ...context, parentURL: node.href } : context);
}
