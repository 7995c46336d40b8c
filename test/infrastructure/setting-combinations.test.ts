import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { type Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import fc from 'fast-check';
import type { DailyCostReportProps } from '../../lib/daily-cost-report-props.ts';
import { CostReportStack } from '../../lib/cost-report-stack.ts';
import { reportProps } from '../../lib/settings.ts';
import { leastReport, unbundledApp } from './synthesized.ts';

const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:signalwire-Ab12Cd';

/** Settings whose values can be combined freely. */
const independent = {
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns'),
  currency: fc.constantFrom('USD', 'EUR'),
  lookbackDays: fc.integer({ min: 0, max: 35 }),
  monthlyBudget: fc.constant('2500.00'),
  readInWindows: fc.boolean(),
  emailTo: fc
    .integer({ min: 1, max: 50 })
    .map((count) => Array.from({ length: count }, (_, n) => `reader-${n}@department-${n}.example.org`)),
  sesIdentity: fc.constantFrom('costs@example.com', 'example.com'),
  sesConfigurationSet: fc.constantFrom('reports', false as const),
  logRetentionDays: fc.constantFrom(1, 90, 3653),
  reservedConcurrency: fc.integer({ min: 1, max: 1000 }),
  alarmEmails: fc.constantFrom([], ['infra@example.org'], ['infra@example.org', 'on-call@example.org']),
  alarmTopicArn: fc.constant('arn:aws:sns:eu-central-1:123456789012:alarms'),
  reportDueHour: fc.integer({ min: 8, max: 23 }),
  runbookUrl: fc.constant('https://wiki.example.com/runbook'),
  archiveKeyArn: fc.constant(KEY),
  objectLock: fc.record({
    mode: fc.constantFrom('governance' as const, 'compliance' as const),
    years: fc.integer({ min: 1, max: 100 }),
  }),
  coldStorageAfterDays: fc.integer({ min: 1, max: 3650 }),
  firstArchivedDay: fc.constant('2024-02-29'),
} satisfies Partial<Record<keyof DailyCostReportProps, fc.Arbitrary<unknown>>>;

const secret = fc.constantFrom(
  {},
  { createSecret: false },
  { createSecret: false, secretKeyArn: KEY },
  { createSecret: false, secretName: SECRET },
  { createSecret: false, secretName: SECRET, secretKeyArn: KEY },
);

const settings = fc
  .tuple(fc.record(independent, { requiredKeys: [] }), secret)
  .map(([some, ofSecret]) => ({ ...leastReport, ...some, ...ofSecret }));

function synthesize(report: object): { stack: Stack; violations: string[] } {
  const app = unbundledApp();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const stack = new CostReportStack(app, 'Test', { settings: reportProps(report, 'the test') });
  const { directory } = app.synth();
  return { stack, violations: violationsIn(directory) };
}

interface ValidationReport {
  readonly pluginReports: readonly { readonly violations: readonly { readonly ruleName: string }[] }[];
}

function violationsIn(directory: string): string[] {
  const text = readFileSync(join(directory, 'validation-report.json'), 'utf8');
  const { pluginReports } = JSON.parse(text) as ValidationReport;
  return pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));
}

afterEach(() => {
  // A finding also sets the exit code of the process; here the expectation reports it.
  process.exitCode = undefined;
});

test('with any settings, the stack synthesizes twice alike, and cdk-nag and CloudFormation find nothing', () => {
  fc.assert(
    fc.property(settings, (report) => {
      const { stack, violations } = synthesize(report);
      expect(
        violations.filter((rule) => !/nobodyIsAlarmed|runbookOutOfReach|exampleSettings/.test(rule)),
      ).toEqual([]);
      const again = Template.fromStack(synthesize(report).stack).toJSON();
      expect(again).toEqual(Template.fromStack(stack).toJSON());
    }),
    { numRuns: 15 },
  );
}, 240_000);
