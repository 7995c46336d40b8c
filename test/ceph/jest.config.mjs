import base from '../../jest.config.mjs';

/** @type {import('jest').Config} */
export default {
  ...base,
  rootDir: '../..',
  // Not `*.test.ts`, so that `npm test` needs no Ceph.
  testMatch: ['<rootDir>/test/ceph/*.ceph.ts'],
  // The bundle is not under test here.
  globalSetup: null,
  verbose: true,
};
