/** How long archived versions are locked against deletion, and for whom. */
export interface ObjectLock {
  /** In governance mode some principals may still be allowed to delete; in compliance mode nobody is, not even root. */
  readonly mode: 'governance' | 'compliance';

  /** How long every version of every file is locked, from when it was written: 1 to 100. */
  readonly years: number;
}

/** What the daily report must be told; the same words as under `context.report` in cdk.json. */
export interface DailyCostReportProps {
  /** The SignalWire space whose video logs are read: `https://<space>.signalwire.com`. */
  readonly spaceUrl: string;

  /**
   * The secret in Secrets Manager that holds the project id and the API token: its name, or the whole ARN of an
   * existing one.
   */
  readonly secretName: string;

  /**
   * Whether the stack makes the secret, empty, or uses one that is there.
   *
   * @default true
   */
  readonly createSecret?: boolean | undefined;

  /**
   * ARN of the KMS key of an existing secret that has one of its own.
   *
   * @default - the secret is encrypted with the key that Secrets Manager brings
   */
  readonly secretKeyArn?: string | undefined;

  /** The mail's sender, verified in SES as an address or by its domain; a display name may be given. */
  readonly emailFrom: string;

  /** Who gets the mail: 1 to 50 addresses. */
  readonly emailTo: readonly string[];

  /**
   * The address or the domain that the stack makes an SES identity of. It must cover the sender. Its DNS records are
   * among the stack's outputs.
   *
   * @default - the sender is verified in SES already
   */
  readonly sesIdentity?: string | undefined;

  /**
   * The SES configuration set to send with: the name of an existing one, or false for none. An existing one is left as
   * it is, so bounces are told only as far as it tells them.
   *
   * @default - the stack makes one, which tells bounces, complaints, rejects and delays to the alarm topic
   */
  readonly sesConfigurationSet?: string | false | undefined;

  /**
   * The IANA zone in which a billing day begins and ends, and in which the schedule runs.
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
   * How many earlier days are looked at again for late charges and missed reports: 0 to 35.
   *
   * @default 7
   */
  readonly lookbackDays?: number | undefined;

  /**
   * Shown against the month to date in the mail: a decimal in quotes, such as "2500.00".
   *
   * @default - no budget is shown
   */
  readonly monthlyBudget?: string | undefined;

  /**
   * Whether the rest of a long day may be read as windows of time, 16 at once, where its pages are much waited for. Each
   * reading first proves that they hold what the pages would; where they don't, paging goes on, and the log says so.
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
   * How many runs at once the function may always count on, and never exceed. An account with a concurrency limit of 10
   * can't reserve any.
   *
   * @default - none are reserved; a mail is claimed before it is sent, so that concurrent runs do no harm
   */
  readonly reservedConcurrency?: number | undefined;

  /**
   * Who gets a mail when an alarm goes off: addresses, each of which must confirm its subscription once.
   *
   * @default - nobody, unless alarmTopicArn is given
   */
  readonly alarmEmails?: readonly string[] | undefined;

  /**
   * ARN of an existing SNS topic for the alarms. Its policy must let cloudwatch.amazonaws.com publish, and
   * ses.amazonaws.com for bounces (docs/runbook.md, First deployment).
   *
   * @default - the stack makes a topic
   */
  readonly alarmTopicArn?: string | undefined;

  /**
   * The hour, in `timeZone`, by which yesterday's report must have been delivered: 8 to 23. If it was not, an alarm goes
   * off within the hour after. The runs begin at six, so that an hour of eight leaves two tries.
   *
   * @default 9
   */
  readonly reportDueHour?: number | undefined;

  /**
   * Where those who get alarms can read docs/runbook.md; each alarm names its heading there.
   *
   * @default 'docs/runbook.md'
   */
  readonly runbookUrl?: string | undefined;

  /**
   * ARN of the KMS key that the archive is encrypted with. The key's policy must let this account's IAM decide. Whoever
   * reads the archive needs kms:Decrypt on it.
   *
   * @default - S3 encrypts with keys of its own
   */
  readonly archiveKeyArn?: string | undefined;

  /**
   * Locks every version of every archived file against deletion: `{"mode": "governance", "years": 10}`. It is for good:
   * S3 lets nobody take the lock off a bucket again, in compliance mode not even from a single file before its years
   * are over. To be decided before the first deployment, as CloudFormation makes a new, empty bucket where it is
   * added later (the old one stays, with all it holds, but outside the stack).
   *
   * @default - nothing is locked
   */
  readonly objectLock?: ObjectLock | undefined;

  /**
   * How many days after it was replaced an archived version moves to colder storage (Glacier Instant Retrieval, which
   * bills 90 days and 128 KB at least; what is smaller stays): 1 to 3650. By default long enough for a day to be out
   * of reach of `lookbackDays` and its figures settled.
   *
   * @default 90
   */
  readonly coldStorageAfterDays?: number | undefined;

  /**
   * The first day that Athena looks for where a query names none. The nearer to the first one in the archive, the
   * quicker such a query; days before it are not found.
   *
   * @default '2020-01-01'
   */
  readonly firstArchivedDay?: string | undefined;
}
