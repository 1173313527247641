// Reads one secret with the client that the argument names, in a process of its own, and stays until its input ends.

import process from 'node:process';

const { Client } = await import(`./${process.argv[2]}.mjs`);
console.log(await new Client({}).get('secret-0'));
process.stdin.resume();
