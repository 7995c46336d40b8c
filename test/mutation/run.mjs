// Mutation testing of the core: the code that decides about days, money, revisions and mails is changed in small ways,
// one at a time, and some unit test has to notice. It is not in the gate, as it takes more than five minutes.
//
//   npm run mutation              every part
//   npm run mutation -- money     one of them
//
// Part by part, since for each change Stryker has Jest load every test file that reaches the changed module.
import { Stryker } from '@stryker-mutator/core';
import { PARTS } from './parts.mjs';

const names = process.argv.slice(2);
const unknown = names.filter((name) => !PARTS.some((part) => part.name === name));
if (unknown.length > 0) {
  console.error(
    `No such part: ${unknown.join(', ')}. The parts are ${PARTS.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(1);
}

for (const part of PARTS.filter(({ name }) => names.length === 0 || names.includes(name))) {
  console.log(`\n== ${part.name}`);
  // Too low a score sets the exit code; the other parts still run.
  await new Stryker({
    mutate: part.mutate,
    testRunner: 'jest',
    testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    jest: {
      configFile: 'test/mutation/jest.config.mjs',
      config: { testMatch: part.tests.map((tests) => `<rootDir>/${tests}`) },
    },
    coverageAnalysis: 'perTest',
    concurrency: 2,
    ignorePatterns: ['cdk.out', 'demo-output', 'coverage', 'dist', 'reports'],
    reporters: ['clear-text', 'html'],
    clearTextReporter: { logTests: false, reportTests: false },
    htmlReporter: { fileName: `reports/mutation/${part.name}.html` },
    thresholds: { high: 100, low: part.break, break: part.break },
    warnings: { slow: false },
  }).runMutationTest();
}
