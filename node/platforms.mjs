// The platforms that packages are made for: prints the one of this machine, or with the name of one, what Cargo and Zig call it.

import { fileURLToPath } from 'node:url';

/** The C library to build for: the oldest that Node itself runs on. */
const GLIBC = '2.28';

const TARGETS = {
  'linux-x64-gnu': `x86_64-unknown-linux-gnu.${GLIBC}`,
  'linux-x64-musl': 'x86_64-unknown-linux-musl',
  'linux-arm64-gnu': `aarch64-unknown-linux-gnu.${GLIBC}`,
  'linux-arm64-musl': 'aarch64-unknown-linux-musl',
};

/** Returns this machine's platform, as the names of packages have it. */
export function here() {
  const { platform, arch, report } = process;
  const libc = () => (report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'gnu');
  return [platform, arch, { linux: libc, win32: () => 'msvc' }[platform]?.()].filter(Boolean).join('-');
}

/** Returns what npm is told of the machines that a platform's package is for. */
export function machinesOf(name) {
  const [os, cpu, abi] = name.split('-');
  const libc = { gnu: 'glibc', musl: 'musl' }[abi];
  return { os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name] = process.argv.slice(2);
  if (name && !TARGETS[name]) throw new Error(`${name}: there are ${Object.keys(TARGETS).join(', ')}`);
  console.log(name ? TARGETS[name] : here());
}
