/** How long archived versions are locked against deletion, and for whom. */
export interface ObjectLock {
  /** In governance mode some principals may still be allowed to delete; in compliance mode nobody is, not even root. */
  readonly mode: 'governance' | 'compliance';

  /** How many years every version of every file is locked after it was written: 1 to 100. */
  readonly years: number;
}

/** The settings of the daily report, with the same names as under `context.report` in cdk.json. */
export interface DailyCostReportProps {
  /** The SignalWire space whose video logs are read: `https://<space>.signalwire.com`. */
  readonly spaceUrl: string;

  /**
   * The secret in Secrets Manager that holds the project id and the API token: its name, or the whole ARN of an
   * existing one.
   */
  readonly secretName: string;

  /**
   * Whether the stack creates the secret, empty, or uses an existing one.
   *
   * @default true
   */
  readonly createSecret?: boolean | undefined;

  /**
   * ARN of the KMS key of an existing secret, if it is encrypted with a key of its own.
   *
   * @default - the secret is encrypted with the key of Secrets Manager
   */
  readonly secretKeyArn?: string | undefined;

  /** The mail's sender, verified in SES as an address or by its domain; it may have a display name. */
  readonly emailFrom: string;

  /** Who gets the mail: 1 to 50 addresses. */
  readonly emailTo: readonly string[];

  /**
   * The address or the domain for which the stack creates an SES identity. It must cover the sender. Its DNS records
   * are among the stack's outputs.
   *
   * @default - the sender is verified in SES already
   */
  readonly sesIdentity?: string | undefined;

  /**
   * The SES configuration set to send with: the name of an existing one, or false for none. An existing one is left as
   * it is, so bounces are reported only if it reports them.
   *
   * @default - the stack creates one, which reports bounces, complaints, rejects and delays to the alarm topic
   */
  readonly sesConfigurationSet?: string | false | undefined;

  /**
   * The IANA time zone in which a billing day begins and ends, and in which the schedule runs.
   *
   * @default 'UTC'
   */
  readonly timeZone?: string | undefined;

  /**
   * The currency that SignalWire bills in, by its ISO 4217 code.
   *
   * @default 'USD'
   */
  readonly currency?: string | undefined;

  /**
   * How many earlier days are checked again for late charges and missed reports: 0 to 35.
   *
   * @default 7
   */
  readonly lookbackDays?: number | undefined;

  /**
   * The budget that the mail compares with the month to date: a decimal in quotes, such as "2500.00".
   *
   * @default - no budget is shown
   */
  readonly monthlyBudget?: string | undefined;

  /**
   * Whether the rest of a long day may be read in time windows, 16 at once, if its pages take long to arrive. Each
   * reading first checks that the windows hold what the pages would. If not, paging goes on, and the log says so.
   *
   * @default true
   */
  readonly readInWindows?: boolean | undefined;

  /**
   * How many days CloudWatch keeps the function's log.
   *
   * @default 90
   */
  readonly logRetentionDays?: number | undefined;

  /**
   * The number of concurrent runs that are reserved for the function, and that it can't exceed. An account with a
   * concurrency limit of 10 can't reserve any.
   *
   * @default - none are reserved; a mail is claimed before it is sent, so concurrent runs do no harm
   */
  readonly reservedConcurrency?: number | undefined;

  /**
   * Addresses that get a mail when an alarm goes off. Each must confirm its subscription once.
   *
   * @default - nobody, unless alarmTopicArn is given
   */
  readonly alarmEmails?: readonly string[] | undefined;

  /**
   * ARN of an existing SNS topic for the alarms. Its policy must allow cloudwatch.amazonaws.com to publish, and
   * ses.amazonaws.com, too, for bounces (docs/runbook.md, First deployment).
   *
   * @default - the stack creates a topic
   */
  readonly alarmTopicArn?: string | undefined;

  /**
   * The hour, in `timeZone`, by which yesterday's report must have been delivered: 8 to 23. If it was not, an alarm goes
   * off within the next hour. The runs begin at six, so hour eight leaves two tries.
   *
   * @default 9
   */
  readonly reportDueHour?: number | undefined;

  /**
   * Where those who get alarms can read docs/runbook.md; each alarm links to its heading there.
   *
   * @default 'docs/runbook.md'
   */
  readonly runbookUrl?: string | undefined;

  /**
   * ARN of the KMS key with which the archive is encrypted. The key's policy must let this account's IAM decide.
   * Whoever reads the archive needs kms:Decrypt on it.
   *
   * @default - S3 encrypts with its own keys
   */
  readonly archiveKeyArn?: string | undefined;

  /**
   * Locks every version of every archived file against deletion: `{"mode": "governance", "years": 10}`. This can't be
   * undone: S3 lets nobody remove the lock from a bucket, and in compliance mode not even from a single file before its
   * years are over. Decide before the first deployment: if the lock is added later, CloudFormation creates a new, empty
   * bucket (the old one stays, with all it holds, but outside the stack).
   *
   * @default - nothing is locked
   */
  readonly objectLock?: ObjectLock | undefined;

  /**
   * How many days after it was replaced an archived version moves to colder storage (Glacier Instant Retrieval, which
   * bills at least 90 days and 128 KB; smaller files stay): 1 to 3650. The default is long enough for a day to be
   * beyond `lookbackDays` and for its figures to be final.
   *
   * @default 90
   */
  readonly coldStorageAfterDays?: number | undefined;

  /**
   * The first day that Athena looks for if a query names none. The closer it is to the first archived day, the faster
   * such a query is; days before it are not found.
   *
   * @default '2020-01-01'
   */
  readonly firstArchivedDay?: string | undefined;
}
