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
  // The bundle under test is the one that `cdk synth` makes: once, before all tests.
  globalSetup: '<rootDir>/test/synthesize-once.ts',
  modulePathIgnorePatterns: ['<rootDir>/cdk.out/', '<rootDir>/demo-output/', '<rootDir>/.stryker-tmp/'],
  // The tests wait for processes of their own more than they compute. A worker that has grown with what it loaded (the CDK, for
  // one) is replaced by a fresh one.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '1500MB',
  testTimeout: 120_000,
};
