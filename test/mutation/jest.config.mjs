import base from '../../jest.config.mjs';

/**
 * The fast tests: those of the modules that no AWS client and no waiting come between.
 *
 * @type {import('jest').Config}
 */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/lambda/**/*.test.ts'],
  testPathIgnorePatterns: ['/test/lambda/signalwire/client\\.', '/test/lambda/archive/object-store\\.'],
  // The bundle is not under test here.
  globalSetup: null,
};
