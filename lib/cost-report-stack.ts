import { CfnOutput, Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ArchiveAnalytics } from './analytics/archive-analytics.ts';
import { ArchiveBucket } from './archive-bucket.ts';
import { DailySchedule } from './daily-schedule.ts';
import { functionEnvironment } from './function-environment.ts';
import { ReportFunction } from './report-function.ts';
import { ReportRole } from './report-role.ts';
import type { ReportSettings } from './settings.ts';
import { SignalWireSecret } from './signalwire-secret.ts';

export interface CostReportStackProps {
  readonly settings: ReportSettings;
}

/** Everything that the daily report needs, in one stack. */
export class CostReportStack extends Stack {
  constructor(scope: Construct, id: string, { settings }: CostReportStackProps) {
    super(scope, id, {
      description:
        "Yesterday's SignalWire video costs, room by room: an archive in S3 and a mail every morning",
    });

    const archive = new ArchiveBucket(this, 'Archive', {
      coldStorageAfterDays: settings.coldStorageAfterDays,
      objectLock: settings.objectLock,
    });
    const secret = new SignalWireSecret(this, 'SignalWireSecret', {
      secretName: settings.secretName,
      create: settings.createSecret,
    });
    const logGroup = new LogGroup(this, 'ReportLog', { retention: settings.logRetentionDays });
    const role = new ReportRole(this, 'ReportRole', {
      archive,
      logGroup,
      secretArn: secret.arn,
      emailFrom: settings.emailFrom,
      emailTo: settings.emailTo,
      sesConfigurationSet: settings.sesConfigurationSet,
    });
    const report = new ReportFunction(this, 'Report', {
      environment: functionEnvironment(settings, archive.bucketName),
      role,
      logGroup,
    });
    new DailySchedule(this, 'Schedule', { report, timeZone: settings.timeZone });
    new ArchiveAnalytics(this, 'Analytics', {
      archive,
      firstDay: settings.firstArchivedDay,
      timeZone: settings.timeZone,
    });

    new CfnOutput(this, 'ArchiveBucketName', { value: archive.bucketName });
    new CfnOutput(this, 'ReportFunctionName', { value: report.functionName });
    new CfnOutput(this, 'TailLogCommand', {
      description: 'Shows what went wrong in the last day',
      value: `aws logs tail ${logGroup.logGroupName} --since 1d --filter-pattern ERROR`,
    });
    new CfnOutput(this, 'RunNowCommand', {
      description: 'Reports yesterday now, as the schedule would',
      // The CLI's own time-out is a minute, after which it would start the run once more.
      value: `aws lambda invoke --function-name ${report.functionName} --cli-read-timeout 900 --cli-binary-format raw-in-base64-out --payload '{}' /dev/stdout`,
    });
  }
}
