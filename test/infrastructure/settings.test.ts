import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Token } from 'aws-cdk-lib';
import { InvalidConfigurationError } from '../../lambda/errors.ts';
import { readReportSettings } from '../../lib/settings.ts';
import { leastReport } from './synthesized.ts';

const PLACE = 'context.report in cdk.json';

function problemsOf(report: unknown): string[] {
  try {
    readReportSettings(report, PLACE);
  } catch (error) {
    if (!(error instanceof InvalidConfigurationError)) throw error;
    const [heading, ...problems] = error.message.split('\n- ');
    expect(heading).toBe(`Wrong settings under ${PLACE}:`);
    return problems;
  }
  return [];
}

describe('the settings', () => {
  test('in cdk.json can be deployed', () => {
    const cdk = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: { report: unknown } };
    expect(problemsOf(cdk.context.report)).toEqual([]);
  });

  test('have defaults', () => {
    expect(readReportSettings(leastReport, PLACE)).toEqual({
      ...leastReport,
      createSecret: true,
      timeZone: 'UTC',
      currency: 'USD',
      lookbackDays: '7',
      readInWindows: 'true',
      logRetentionDays: 90,
      alarmEmails: [],
      reportDueHour: 9,
      runbookUrl: 'docs/runbook.md',
      coldStorageAfterDays: 90,
      firstArchivedDay: '2020-01-01',
    });
  });

  test('accept an identity in any case: the sender, its domain or a parent domain', () => {
    const emailFrom = 'Costs <costs@mail.example.com>';
    const identities = ['costs@mail.example.com', 'Mail.Example.COM', 'example.com'];
    expect(
      identities.map(
        (sesIdentity) => readReportSettings({ ...leastReport, emailFrom, sesIdentity }, PLACE).sesIdentity,
      ),
    ).toEqual(['costs@mail.example.com', 'mail.example.com', 'example.com']);
  });

  test('accept ARNs that another app knows only when it is deployed', () => {
    const alarmTopicArn = Token.asString({ Ref: 'Topic' });
    expect(readReportSettings({ ...leastReport, alarmTopicArn }, PLACE).alarmTopicArn).toBe(alarmTopicArn);
  });

  test('accept a list of 50 recipients', () => {
    const emailTo = Array.from({ length: 50 }, (_, n) => `reader-${n}@example.org`);
    expect(readReportSettings({ ...leastReport, emailTo }, PLACE).emailTo).toEqual(emailTo);
  });
});

describe('a wrong setting is named in the error', () => {
  test.each<[what: string, wrong: object, problem: string]>([
    [
      'a space URL without TLS',
      { spaceUrl: 'http://example.signalwire.com' },
      'spaceUrl is "http://example.signalwire.com": it must be https://<space>.signalwire.com and nothing more (http: is for loopback addresses only)',
    ],
    [
      'a space URL of another domain',
      { spaceUrl: 'https://example.com' },
      'spaceUrl is "https://example.com": it must be https://<space>.signalwire.com and nothing more (http: is for loopback addresses only)',
    ],
    [
      'an unknown time zone',
      { timeZone: 'Europe/Berln' },
      'timeZone is "Europe/Berln": it must be an IANA time zone, such as Europe/Berlin',
    ],
    [
      'an invalid currency',
      { currency: 'Dollar' },
      'currency is "Dollar": it must be an ISO 4217 currency code, such as USD',
    ],
    ['a missing sender', { emailFrom: undefined }, 'emailFrom is missing'],
    [
      'a sender that is not an address',
      { emailFrom: 'finance' },
      'emailFrom is "finance": it must be one address, such as costs@example.com or Video costs <costs@example.com>',
    ],
    [
      'recipients as one string',
      { emailTo: 'a@example.org' },
      'emailTo is "a@example.org": it must be a JSON array',
    ],
    ['no recipient', { emailTo: [] }, 'emailTo is []: it must be 1 to 50 addresses, separated by commas'],
    [
      'a recipient that is not an address',
      { emailTo: ['a@example.org', 'finance'] },
      'emailTo[1] is "finance": it must be 1 to 50 addresses, separated by commas',
    ],
    [
      'two recipients in one entry',
      { emailTo: ['a@example.org,b@example.org'] },
      'emailTo[0] is "a@example.org,b@example.org": it must be one address; give each address an entry of its own',
    ],
    [
      'too many days to look back',
      { lookbackDays: 36 },
      'lookbackDays is 36: it must be a whole number from 0 to 35',
    ],
    [
      'half a day to look back',
      { lookbackDays: 0.5 },
      'lookbackDays is 0.5: it must be a whole number from 0 to 35',
    ],
    ['days to look back in quotes', { lookbackDays: '7' }, 'lookbackDays is "7": it must be a JSON number'],
    [
      'a budget that is not a decimal number',
      { monthlyBudget: '2,500' },
      'monthlyBudget is "2,500": it must be a decimal number greater than zero, such as 2500.00',
    ],
    [
      'reading in windows as a word',
      { readInWindows: 'yes' },
      'readInWindows is "yes": it must be a JSON boolean',
    ],
    ['a budget without quotes', { monthlyBudget: 2500 }, 'monthlyBudget is 2500: it must be a JSON string'],
    [
      'a configuration set with a space',
      { sesConfigurationSet: 'my reports' },
      'sesConfigurationSet is "my reports": it must be the name of an SES configuration set',
    ],
    [
      'true as a configuration set',
      { sesConfigurationSet: true },
      'sesConfigurationSet is true: it must be the name of an SES configuration set, or false',
    ],
    [
      'an identity that does not cover the sender',
      { sesIdentity: 'example.net' },
      'sesIdentity is "example.net": it must cover emailFrom: be its address, its domain, or a domain above that one',
    ],
    [
      'a topic by its name',
      { alarmTopicArn: 'alarms' },
      'alarmTopicArn is "alarms": it must be an ARN, such as arn:aws:sns:eu-central-1:123456789012:alarms',
    ],
    [
      'an archive key by its alias',
      { archiveKeyArn: 'alias/archive' },
      'archiveKeyArn is "alias/archive": it must be an ARN, such as arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    ],
    [
      'a key for a secret that is to be created',
      { secretKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab' },
      'secretKeyArn is "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab": it is for an existing secret: set createSecret to false, or leave the key out',
    ],
    [
      'two alarm addresses in one entry',
      { alarmEmails: ['a@example.org,b@example.org'] },
      'alarmEmails[0] is "a@example.org,b@example.org": it must be one address; give each address an entry of its own',
    ],
    [
      'a report that is due before the second try',
      { reportDueHour: 7 },
      'reportDueHour is 7: it must be a whole number from 8 to 23',
    ],
    [
      'a reserved concurrency of none, which would stop the function',
      { reservedConcurrency: 0 },
      'reservedConcurrency is 0: it must be a whole number from 1 to 1000',
    ],
    [
      'an empty runbook URL',
      { runbookUrl: '' },
      'runbookUrl is "": it must say where the runbook can be read',
    ],
    ['true in quotes', { createSecret: 'true' }, 'createSecret is "true": it must be a JSON boolean'],
    [
      'a log retention that CloudWatch does not offer',
      { logRetentionDays: 100 },
      'logRetentionDays is 100: it must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653',
    ],
    [
      'a lock for too many years',
      { objectLock: { mode: 'compliance', years: 101 } },
      'objectLock.years is 101: it must be a whole number from 1 to 100',
    ],
    [
      'a lock for no time',
      { objectLock: { mode: 'compliance', years: 0 } },
      'objectLock.years is 0: it must be a whole number from 1 to 100',
    ],
    [
      'a lock for half a year',
      { objectLock: { mode: 'compliance', years: 0.5 } },
      'objectLock.years is 0.5: it must be a whole number from 1 to 100',
    ],
    [
      'a lock of an unknown mode',
      { objectLock: { mode: 'GOVERNANCE', years: 10 } },
      'objectLock.mode is "GOVERNANCE": it must be "governance" or "compliance"',
    ],
    ['a lock without its years', { objectLock: { mode: 'governance' } }, 'objectLock.years is missing'],
    [
      'a lock in days',
      { objectLock: { mode: 'governance', years: 1, days: 30 } },
      'objectLock.days is unknown; the settings are objectLock.mode, objectLock.years',
    ],
    ['a lock that is only switched on', { objectLock: true }, 'objectLock is true: it must be a JSON object'],
    [
      'cold storage at once',
      { coldStorageAfterDays: 0 },
      'coldStorageAfterDays is 0: it must be a whole number from 1 to 3650',
    ],
    [
      'cold storage after more than ten years',
      { coldStorageAfterDays: 3651 },
      'coldStorageAfterDays is 3651: it must be a whole number from 1 to 3650',
    ],
    [
      'a first day that does not exist',
      { firstArchivedDay: '2026-02-29' },
      'firstArchivedDay is "2026-02-29": it must be a calendar day, such as 2026-11-22',
    ],
    [
      'an ARN for a secret that is to be created',
      { secretName: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:signalwire-Ab12Cd' },
      'secretName is not shown here, as it may be the secret itself: it must be a name while createSecret is true; for the ARN of an existing secret set createSecret to false',
    ],
    [
      'an unknown setting',
      { lookBackDays: 7 },
      'lookBackDays is unknown; the settings are spaceUrl, secretName, createSecret, secretKeyArn, emailFrom, emailTo, sesIdentity, sesConfigurationSet, timeZone, currency, lookbackDays, monthlyBudget, readInWindows, logRetentionDays, reservedConcurrency, alarmEmails, alarmTopicArn, reportDueHour, runbookUrl, archiveKeyArn, objectLock, coldStorageAfterDays, firstArchivedDay',
    ],
  ])('%s', (_, wrong, problem) => {
    expect(problemsOf({ ...leastReport, ...wrong })).toEqual([problem]);
  });

  test('51 recipients', () => {
    const emailTo = Array.from({ length: 51 }, (_, n) => `reader-${n}@example.org`);
    expect(problemsOf({ ...leastReport, emailTo })).toEqual([
      `emailTo is ${JSON.stringify(emailTo)}: it must be 1 to 50 addresses, separated by commas`,
    ]);
  });

  test('all of them at once', () => {
    expect(problemsOf({ ...leastReport, emailFrom: undefined, lookbackDays: 36 })).toEqual([
      'emailFrom is missing',
      'lookbackDays is 36: it must be a whole number from 0 to 35',
    ]);
  });

  test.each([undefined, null, 'spaceUrl', ['spaceUrl']])('no settings at all: %j', (report) => {
    expect(problemsOf(report)).toEqual(['the settings must be a JSON object']);
  });
});

describe('no message shows', () => {
  const secret = '{"project_id":"p","api_token":"PTsecret"}';

  test.each([
    ['a secret instead of its name', { secretName: secret }],
    ['a secret under an unknown key', { apiToken: secret }],
    ['a password in the URL', { spaceUrl: 'https://me:PTsecret@example.signalwire.com' }],
  ])('%s', (_, wrong) => {
    const problems = problemsOf({ ...leastReport, ...wrong });
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain('PTsecret');
  });
});
