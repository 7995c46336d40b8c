import { Annotations } from 'aws-cdk-lib';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { type ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { AccessLogs } from './access-logs.ts';
import { AlarmTopic } from './alarms/alarm-topic.ts';
import { ReportAlarms } from './alarms/report-alarms.ts';
import { ArchiveAnalytics } from './analytics/archive-analytics.ts';
import { ArchiveBucket } from './archive-bucket.ts';
import { BackfillEngine } from './backfill-engine.ts';
import type { DailyCostReportProps } from './daily-cost-report-props.ts';
import { DailySchedule } from './daily-schedule.ts';
import { ReportDashboard } from './dashboard.ts';
import { MailEvents } from './email/mail-events.ts';
import { type DnsRecord, SenderIdentity } from './email/sender-identity.ts';
import { EventQueue } from './event-queue.ts';
import { functionEnvironment } from './function-environment.ts';
import { ReportFunction } from './report-function.ts';
import { ReportRole } from './report-role.ts';
import { readReportSettings, type ReportSettings } from './settings.ts';
import { SignalWireSecret } from './signalwire-secret.ts';

/** Addresses that belong to nobody who will deploy this (RFC 2606), and the space of cdk.json. */
const EXAMPLE = /[@./]example\.(?:com|net|org|signalwire\.com)\b/;

/**
 * Yesterday's SignalWire video costs, room by room, every morning: a scheduled function that archives them in S3 and
 * mails them, with alarms, a dashboard, and SQL over the archive.
 *
 * The names of the Athena database and workgroup are fixed, so an account and region can have only one such construct.
 *
 * ```ts
 * new DailyCostReport(this, 'VideoCosts', {
 *   spaceUrl: 'https://example.signalwire.com',
 *   secretName: 'signalwire/video-cost-report',
 *   emailFrom: 'costs@example.com',
 *   emailTo: ['finance@example.com'],
 *   alarmEmails: ['infra@example.com'],
 * });
 * ```
 *
 * @throws InvalidConfigurationError naming every prop that is wrong, and its value
 */
export class DailyCostReport extends Construct {
  /** The bucket in which the days are archived. It outlives the stack. */
  readonly archive: Bucket;
  /** The job itself. */
  readonly report: IFunction;
  /** The function's log: one JSON object per line. */
  readonly logGroup: ILogGroup;
  /** The topic for alarms; subscribe whoever should know. */
  readonly alarmTopic: ITopic;
  /** ARN of the state machine that archives many days. */
  readonly backfillEngineArn: string;
  /** Name of the dashboard in CloudWatch. */
  readonly dashboardName: string;
  /** Name of the Glue database with the tables and views over the archive. */
  readonly athenaDatabase: string;
  /** Name of the workgroup in which queries over the archive run and are saved. */
  readonly athenaWorkgroup: string;
  /** The CNAME records that verify the sender's domain, if `sesIdentity` is a domain. */
  readonly senderDnsRecords: readonly DnsRecord[];

  constructor(scope: Construct, id: string, props: DailyCostReportProps) {
    super(scope, id);
    const settings = readReportSettings(props, `the props of ${this.node.path}`);

    const accessLogs = new AccessLogs(this, 'AccessLogs');
    const archiveKey = this.#archiveKey(settings);
    const archive = new ArchiveBucket(this, 'Archive', { ...settings, key: archiveKey });
    accessLogs.record(archive, 'archive');
    const secret = new SignalWireSecret(this, 'SignalWireSecret', {
      secretName: settings.secretName,
      create: settings.createSecret,
    });
    this.alarmTopic = this.#alarmTopic(settings);
    this.senderDnsRecords =
      settings.sesIdentity === undefined
        ? []
        : new SenderIdentity(this, 'Sender', { identity: settings.sesIdentity }).dnsRecords;
    const mailEvents =
      settings.sesConfigurationSet === undefined
        ? new MailEvents(this, 'MailEvents', { topic: this.alarmTopic })
        : undefined;
    const configurationSetName =
      settings.sesConfigurationSet === false
        ? undefined
        : (settings.sesConfigurationSet ?? mailEvents?.configurationSetName);

    const logGroup = new LogGroup(this, 'ReportLog', { retention: settings.logRetentionDays });
    const failedRuns = new EventQueue(this, 'FailedRuns');
    const role = new ReportRole(this, 'ReportRole', {
      ...settings,
      archive,
      archiveKey,
      logGroup,
      failedRuns,
      secretArns: secret.arns,
      sesConfigurationSet: configurationSetName,
    });
    const report = new ReportFunction(this, 'Report', {
      environment: functionEnvironment(settings, archive.bucketName, configurationSetName),
      role,
      logGroup,
      failedRuns,
      reservedConcurrency: settings.reservedConcurrency,
    });
    const { undelivered } = new DailySchedule(this, 'Schedule', { report, timeZone: settings.timeZone });

    this.#warnOfExamples(settings);
    this.#wantReachableRunbook(settings);
    new ReportAlarms(this, 'Alarms', {
      audience: { topic: this.alarmTopic, runbookUrl: settings.runbookUrl },
      report,
      undelivered,
      failedRuns,
      reportDueHour: settings.reportDueHour,
      timeZone: settings.timeZone,
      bounces: mailEvents?.metricBounces(),
    });
    const dashboard = new ReportDashboard(this, 'Dashboard', { report, currency: settings.currency });
    const engine = new BackfillEngine(this, 'BackfillEngine', { report, accessLogs });
    const analytics = new ArchiveAnalytics(this, 'Analytics', {
      archive,
      accessLogs,
      firstDay: settings.firstArchivedDay,
      timeZone: settings.timeZone,
    });

    this.archive = archive;
    this.report = report;
    this.logGroup = logGroup;
    this.backfillEngineArn = engine.stateMachineArn;
    this.dashboardName = dashboard.dashboardName;
    this.athenaDatabase = analytics.databaseName;
    this.athenaWorkgroup = analytics.workgroupName;
  }

  /** The settings that cdk.json comes with are valid, and would mail a company's costs to strangers. */
  #warnOfExamples({ spaceUrl, emailFrom, emailTo, alarmEmails }: ReportSettings): void {
    const examples = Object.entries({
      spaceUrl: [spaceUrl],
      emailFrom: [emailFrom],
      emailTo,
      alarmEmails,
    }).flatMap(([name, values]) => (values.some((value) => EXAMPLE.test(value)) ? [name] : []));
    if (examples.length === 0) return;
    Annotations.of(this).addWarningV2(
      'video-cost-report:exampleSettings',
      `Still an example: ${examples.join(', ')}. Set your own before you deploy.`,
    );
  }

  #wantReachableRunbook({ runbookUrl }: ReportSettings): void {
    if (runbookUrl.startsWith('https://')) return;
    Annotations.of(this).addWarningV2(
      'video-cost-report:runbookOutOfReach',
      `The alarms link to ${runbookUrl}, which no mail program can open: set runbookUrl to where you keep ` +
        'docs/runbook.md.',
    );
  }

  #archiveKey({ archiveKeyArn }: ReportSettings): IKey | undefined {
    return archiveKeyArn === undefined ? undefined : Key.fromKeyArn(this, 'ArchiveKey', archiveKeyArn);
  }

  #alarmTopic({ alarmTopicArn, alarmEmails }: ReportSettings): ITopic {
    const topic =
      alarmTopicArn === undefined
        ? new AlarmTopic(this, 'AlarmTopic')
        : Topic.fromTopicArn(this, 'AlarmTopic', alarmTopicArn);
    // Each address is asked once, by mail, to confirm its subscription.
    for (const email of alarmEmails) topic.addSubscription(new EmailSubscription(email));
    if (alarmTopicArn === undefined && alarmEmails.length === 0) {
      Annotations.of(this).addWarningV2(
        'video-cost-report:nobodyIsAlarmed',
        'Nobody is notified when the report fails: set alarmEmails or alarmTopicArn.',
      );
    }
    return topic;
  }
}
