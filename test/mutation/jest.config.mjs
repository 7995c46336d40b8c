import base from '../../jest.config.mjs';

/** @type {import('jest').Config} */
export default {
  ...base,
  rootDir: '../..',
  // The bundle is not tested here.
  globalSetup: null,
};
