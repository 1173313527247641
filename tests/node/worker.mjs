import { parentPort, workerData } from 'node:worker_threads';

import { SecretClient, StaticTokenCredential } from '../../node/index.mjs';

const { url, token, options, names = ['db'], end } = workerData;

/** A credential that never answers, and ends the worker if it is told to. */
const endless = {
  getToken() {
    parentPort.postMessage('asked');
    if (end === 'exit') process.exit();
    return new Promise(() => {});
  },
};

const client = new SecretClient(url, end ? endless : new StaticTokenCredential(token), options);
const { value } = await client.getSecrets({ names }).next();
parentPort.postMessage(value.secret.value);
