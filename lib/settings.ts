import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { isCalendarDay } from '../lambda/billing-day.ts';
import { environmentSchema, withoutUserInfo } from '../lambda/environment.ts';
import { InvalidConfigurationError } from '../lambda/errors.ts';
import { withoutTokens } from '../lambda/masking.ts';

// What the function will be given is checked here by the function's own rules.
const rules = environmentSchema.shape;

const retentionPeriods = Object.values(RetentionDays).filter(
  (period) => typeof period === 'number' && period !== RetentionDays.INFINITE,
) as RetentionDays[];

const oneRecipient = rules.EMAIL_TO.refine((entry) => !entry.includes(','), {
  error: 'must be one address; give each address an entry of its own',
}).transform(inCanonicalForm);

// How many there may be is the function's rule, too.
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

const settingsSchema = z
  .strictObject({
    /** The SignalWire space whose video logs are read: `https://<space>.signalwire.com`. */
    spaceUrl: rules.SIGNALWIRE_SPACE_URL,

    /**
     * The secret in Secrets Manager that holds the project id and the API token: its name, or the whole ARN of an
     * existing one.
     */
    secretName: rules.SIGNALWIRE_SECRET_ID,

    /**
     * Whether the stack makes the secret, empty, or uses one that is there.
     *
     * @default true
     */
    createSecret: z.boolean().default(true),

    /** The mail's sender, verified in SES as an address or by its domain; a display name may be given. */
    emailFrom: rules.EMAIL_FROM.transform(inCanonicalForm),

    /** Who gets the mail: 1 to 50 addresses. */
    emailTo: z.array(oneRecipient).pipe(recipientList),

    /**
     * The IANA zone in which a billing day begins and ends, and in which the schedule runs.
     *
     * @default 'UTC'
     */
    timeZone: rules.BILLING_TIME_ZONE,

    /**
     * The currency that SignalWire bills in, by its ISO 4217 code.
     *
     * @default 'USD'
     */
    currency: rules.BILLING_CURRENCY,

    /**
     * How many earlier days are looked at again for late charges and missed reports: 0 to 35.
     *
     * @default 7
     */
    lookbackDays: z.number().transform(String).optional().pipe(rules.LOOKBACK_DAYS),

    /**
     * Shown against the month to date in the mail: a decimal in quotes, such as "2500.00".
     *
     * @default - no budget is shown
     */
    monthlyBudget: rules.MONTHLY_BUDGET,

    /**
     * The SES configuration set to send with. Needed where the sender's identity has one by default, as SES asks for
     * leave to use that one too.
     *
     * @default - none
     */
    sesConfigurationSet: rules.SES_CONFIGURATION_SET,

    /**
     * How many days CloudWatch keeps the function's log.
     *
     * @default 90
     */
    logRetentionDays: z
      .literal(retentionPeriods, { error: `must be one of ${retentionPeriods.join(', ')}` })
      .default(RetentionDays.THREE_MONTHS),

    /**
     * Locks every version of every archived file against deletion: `{"mode": "governance", "years": 10}`. It is for good:
     * S3 lets nobody take the lock off a bucket again, in compliance mode not even from a single file before its years
     * are over. To be decided before the first deployment, as CloudFormation makes a new, empty bucket where it is
     * added later (the old one stays, with all it holds, but outside the stack).
     *
     * @default - nothing is locked
     */
    objectLock: objectLock.optional(),

    /**
     * How many days after it was replaced an archived version moves to colder storage (Glacier Instant Retrieval, which
     * bills 90 days and 128 KB at least; what is smaller stays): 1 to 3650. By default long enough for a day to be out
     * of reach of `lookbackDays` and its figures settled.
     *
     * @default 90
     */
    coldStorageAfterDays: wholeNumber(1, 3650).default(90),

    /**
     * The first day that Athena looks for where a query names none. The nearer to the first one in the archive, the
     * quicker such a query; days before it are not found.
     *
     * @default '2020-01-01'
     */
    firstArchivedDay: z
      .string()
      .refine(isCalendarDay, { error: 'must be a calendar day, such as 2026-11-22' })
      .default('2020-01-01'),
  })
  .refine(({ createSecret, secretName }) => !(createSecret && secretName.startsWith('arn:')), {
    path: ['secretName'],
    error:
      'must be a name while createSecret is true; for the ARN of an existing secret set createSecret to false',
  });

/** What `context.report` in cdk.json says, checked, with the defaults filled in. */
export type ReportSettings = z.output<typeof settingsSchema>;

/**
 * Reads and checks `context.report`.
 *
 * @throws InvalidConfigurationError naming every setting that is wrong, and its value
 */
export function readReportSettings(report: unknown): ReportSettings {
  const result = settingsSchema.safeParse(report);
  if (result.success) return result.data;

  const problems = result.error.issues.flatMap((issue) => describe(issue, report));
  throw new InvalidConfigurationError(
    ['Wrong settings under context.report in cdk.json:', ...problems.map((problem) => `- ${problem}`)].join(
      '\n',
    ),
  );
}

function describe(issue: z.core.$ZodIssue, report: unknown): string[] {
  if (issue.code === 'unrecognized_keys') {
    // The key alone: the value may be a token that somebody meant to be kept.
    const { shape } = issue.path.length === 0 ? settingsSchema : objectLock;
    const inPlace = (key: string): string => z.core.toDotPath([...issue.path, key]);
    const known = Object.keys(shape).map(inPlace).join(', ');
    return issue.keys.map((key) => `${inPlace(key)} is unknown; the settings are ${known}`);
  }
  if (issue.path.length === 0) return ['context.report must be a JSON object'];
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

/**
 * Domains are the same in any case, and mail libraries write them in small letters; IAM compares letter by letter. So
 * they are made small once, for the function and its permissions alike.
 */
function inCanonicalForm(mailbox: string): string {
  return mailbox.trim().replace(/@[^@]*$/, (domain) => domain.toLowerCase());
}
