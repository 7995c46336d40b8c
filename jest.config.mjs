/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic', importSource: 'preact' } },
        },
        module: { type: 'es6' },
      },
    ],
  },
  testMatch: ['<rootDir>/test/**/*.test.{ts,tsx}'],
  // The bundle under test is made by `cdk synth`, once, before all tests.
  globalSetup: '<rootDir>/test/synthesize-once.ts',
  modulePathIgnorePatterns: ['<rootDir>/cdk.out/', '<rootDir>/demo-output/', '<rootDir>/.stryker-tmp/'],
  // The tests mostly wait for processes that they start, so every core gets a worker. A worker that has grown large, such
  // as by loading the CDK, is replaced by a fresh one.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '1500MB',
  testTimeout: 120_000,
};
