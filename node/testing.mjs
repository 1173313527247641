import testing from './testing.cjs';

export const { startEmulator } = testing;
