import { Token } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { isCalendarDay } from '../lambda/billing-day.ts';
import { environmentSchema, splitMailbox, withoutUserInfo } from '../lambda/environment.ts';
import { InvalidConfigurationError } from '../lambda/errors.ts';
import { withoutTokens } from '../lambda/masking.ts';
import type { DailyCostReportProps } from './daily-cost-report-props.ts';
import { identitiesOf } from './email/identities.ts';

// What is passed on to the function is checked here by the function's own rules.
const rules = environmentSchema.shape;

const retentionPeriods = Object.values(RetentionDays).filter(
  (period) => typeof period === 'number' && period !== RetentionDays.INFINITE,
) as RetentionDays[];

const oneRecipient = rules.EMAIL_TO.refine((entry) => !entry.includes(','), {
  error: 'must be one address; give each address an entry of its own',
}).transform(inCanonicalForm);

// The number of recipients is limited by the function's own rule, too.
const recipientList = z.array(z.string()).superRefine((addresses, context) => {
  const list = rules.EMAIL_TO.safeParse(addresses.join(','));
  for (const { message } of list.error?.issues ?? []) context.addIssue(message);
});

const wholeNumber = (least: number, most: number): z.ZodNumber =>
  z.number().refine((value) => Number.isInteger(value) && least <= value && value <= most, {
    error: `must be a whole number from ${least} to ${most}`,
  });

const objectLock = z.strictObject({
  mode: z.enum(['governance', 'compliance'], { error: 'must be "governance" or "compliance"' }),
  years: wholeNumber(1, 100),
});

/** The ARN of an existing resource. In another app, it may be a token that is only resolved later. */
const arnOf = (service: string, example: string): z.ZodString =>
  z
    .string()
    .refine((value) => Token.isUnresolved(value) || new RegExp(`^arn:[\\w-]+:${service}:`).test(value), {
      error: `must be an ARN, such as ${example}`,
    });

// DailyCostReportProps says what each setting means, and its default.
const settingsSchema = z
  .strictObject({
    spaceUrl: rules.SIGNALWIRE_SPACE_URL,
    secretName: rules.SIGNALWIRE_SECRET_ID,
    createSecret: z.boolean().default(true),
    secretKeyArn: arnOf(
      'kms',
      'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    ).optional(),
    emailFrom: rules.EMAIL_FROM.transform(inCanonicalForm),
    emailTo: z.array(oneRecipient).pipe(recipientList),
    // An identity that does not cover the sender's address is refused below.
    sesIdentity: z.string().transform(inCanonicalForm).optional(),
    sesConfigurationSet: z
      .union([z.literal(false), rules.SES_CONFIGURATION_SET.unwrap()], {
        error: 'must be the name of an SES configuration set, or false',
      })
      .optional(),
    timeZone: rules.BILLING_TIME_ZONE,
    currency: rules.BILLING_CURRENCY,
    lookbackDays: z.number().transform(String).optional().pipe(rules.LOOKBACK_DAYS),
    monthlyBudget: rules.MONTHLY_BUDGET,
    readInWindows: z.boolean().transform(String).optional().pipe(rules.READ_IN_WINDOWS),
    logRetentionDays: z
      .literal(retentionPeriods, { error: `must be one of ${retentionPeriods.join(', ')}` })
      .default(RetentionDays.THREE_MONTHS),
    reservedConcurrency: wholeNumber(1, 1000).optional(),
    alarmEmails: z.array(oneRecipient).default([]),
    alarmTopicArn: arnOf('sns', 'arn:aws:sns:eu-central-1:123456789012:alarms').optional(),
    reportDueHour: wholeNumber(8, 23).default(9),
    runbookUrl: z.string().min(1, 'must say where the runbook can be read').default('docs/runbook.md'),
    archiveKeyArn: arnOf(
      'kms',
      'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    ).optional(),
    objectLock: objectLock.optional(),
    coldStorageAfterDays: wholeNumber(1, 3650).default(90),
    firstArchivedDay: z
      .string()
      .refine(isCalendarDay, { error: 'must be a calendar day, such as 2026-11-22' })
      .default('2020-01-01'),
  } satisfies Record<keyof DailyCostReportProps, z.ZodType>)
  .refine(({ createSecret, secretName }) => !(createSecret && secretName.startsWith('arn:')), {
    path: ['secretName'],
    error:
      'must be a name while createSecret is true; for the ARN of an existing secret set createSecret to false',
  })
  .refine(({ createSecret, secretKeyArn }) => !(createSecret && secretKeyArn !== undefined), {
    path: ['secretKeyArn'],
    error: 'is for an existing secret: set createSecret to false, or leave the key out',
  })
  .refine(({ emailFrom, sesIdentity: identity }) => identity === undefined || covers(identity, emailFrom), {
    path: ['sesIdentity'],
    error: 'must cover emailFrom: be its address, its domain, or a domain above that one',
  });

/** The validated settings, with defaults filled in. */
export type ReportSettings = z.output<typeof settingsSchema>;

/**
 * Validates the settings and fills in the defaults.
 *
 * @param report the props of the construct, not yet validated
 * @param place where they are written, for the error message
 * @throws InvalidConfigurationError naming every setting that is wrong, and its value
 */
export function readReportSettings(report: unknown, place: string): ReportSettings {
  const result = settingsSchema.safeParse(report);
  if (result.success) return result.data;

  const problems = result.error.issues.flatMap((issue) => describe(issue, report));
  throw new InvalidConfigurationError(
    [`Wrong settings under ${place}:`, ...problems.map((problem) => `- ${problem}`)].join('\n'),
  );
}

/**
 * Validates settings and returns them as the construct's props.
 *
 * @param report the value of `context.report` in cdk.json
 * @param place where it is written, for the error message
 * @throws InvalidConfigurationError naming every setting that is wrong, and its value
 */
export function reportProps(report: unknown, place: string): DailyCostReportProps {
  readReportSettings(report, place);
  return report as DailyCostReportProps;
}

function describe(issue: z.core.$ZodIssue, report: unknown): string[] {
  if (issue.code === 'unrecognized_keys') {
    // Only the key: the value may be a token that was meant to stay secret.
    const { shape } = issue.path.length === 0 ? settingsSchema : objectLock;
    const inPlace = (key: string): string => z.core.toDotPath([...issue.path, key]);
    const known = Object.keys(shape).map(inPlace).join(', ');
    return issue.keys.map((key) => `${inPlace(key)} is unknown; the settings are ${known}`);
  }
  if (issue.path.length === 0) return ['the settings must be a JSON object'];
  const name = z.core.toDotPath(issue.path);
  const value = issue.path.reduce<unknown>(
    (parent, key) => (parent as Record<PropertyKey, unknown> | undefined)?.[key],
    report,
  );
  if (value === undefined) return [`${name} is missing`];
  const remedy = issue.code === 'invalid_type' ? `must be a JSON ${issue.expected}` : issue.message;
  return [`${name} is ${shown(name, value)}: it ${remedy}`];
}

function shown(name: string, value: unknown): string {
  if (name === 'secretName') return 'not shown here, as it may be the secret itself';
  return withoutTokens(
    JSON.stringify(name === 'spaceUrl' && typeof value === 'string' ? withoutUserInfo(value) : value),
  );
}

function covers(identity: string, sender: string): boolean {
  return identitiesOf(splitMailbox(sender).address).includes(identity);
}

/**
 * The case of a domain has no meaning, and mail libraries write it in lower case; but IAM compares case-sensitively. So
 * domains are converted to lower case once, for the function as well as its permissions.
 */
function inCanonicalForm(mailbox: string): string {
  return mailbox.trim().replace(/[^@]*$/, (domain) => domain.toLowerCase());
}
