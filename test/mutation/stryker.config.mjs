// Mutation testing of the core: what decides about days, money, revisions and mails is changed in small ways, one at a
// time, and some unit test has to notice. It stays out of the gate, for it takes longer than five minutes.
// Options: https://stryker-mutator.io/docs/stryker-js/configuration
export default {
  mutate: [
    'lambda/billing-day.ts',
    'lambda/{missed-days,failed-days,deadline,daily-report,day-report,look-back,reading}.ts',
    'lambda/signalwire/{paging,day-reading,exact-json,video-log}.ts',
    'lambda/charges/*.ts',
    'lambda/archive/{revisions,manifest,archived-day,layout,line-items-csv,room-charges-csv}.ts',
    'lambda/email/{delivery,delivery-journal,delivery-state}.ts',
  ],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: { configFile: 'test/mutation/jest.config.mjs' },
  coverageAnalysis: 'perTest',
  ignorePatterns: ['cdk.out', 'demo-output', 'coverage', 'dist', 'reports', 'docs'],
  tempDirName: '.stryker-tmp',
  concurrency: 2,
  reporters: ['clear-text', 'html', 'json'],
  htmlReporter: { fileName: 'reports/mutation.html' },
  jsonReporter: { fileName: 'reports/mutation.json' },
};
