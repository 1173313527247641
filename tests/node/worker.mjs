import { parentPort, workerData } from 'node:worker_threads';

import { SecretClient, StaticTokenCredential } from '../../node/index.mjs';

const { url, token, options } = workerData;
const client = new SecretClient(url, new StaticTokenCredential(token), options);
parentPort.postMessage((await client.getSecret('db')).value);
