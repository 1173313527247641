import { parentPort, workerData } from 'node:worker_threads';

import { SecretClient, StaticTokenCredential } from '../../node/index.mjs';

const { url, token, options, names = ['db'] } = workerData;
const client = new SecretClient(url, new StaticTokenCredential(token), options);
const { value } = await client.getSecrets({ names }).next();
parentPort.postMessage(value.secret.value);
