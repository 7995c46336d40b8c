import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { putSecretCommand } from '../lambda/put-secret-command.ts';
import { DailyCostReport } from './daily-cost-report.ts';
import type { DailyCostReportProps } from './daily-cost-report-props.ts';

export interface CostReportStackProps {
  readonly settings: DailyCostReportProps;
}

/** The daily report in a stack of its own, with outputs that say how to use it. */
export class CostReportStack extends Stack {
  constructor(scope: Construct, id: string, { settings }: CostReportStackProps) {
    super(scope, id, {
      description:
        "Yesterday's SignalWire video costs, room by room: an archive in S3 and a mail every morning",
    });
    // `Default` does not become part of the resources' logical ids, so they stay the same.
    const { archive, report, logGroup, ...made } = new DailyCostReport(this, 'Default', settings);

    this.#output('ArchiveBucketName', archive.bucketName);
    this.#output('ReportFunctionName', report.functionName);
    this.#output('AlarmTopicArn', made.alarmTopic.topicArn);
    this.#output('BackfillEngineArn', made.backfillEngineArn);
    this.#output('DashboardName', made.dashboardName);
    this.#output('AthenaDatabase', made.athenaDatabase);
    this.#output('AthenaWorkgroup', made.athenaWorkgroup);
    this.#output(
      'TailLogCommand',
      // Of a run that Lambda has killed there is no error, but a report: its status is `timeout` or `error`.
      `aws logs tail ${logGroup.logGroupName} --since 1d --filter-pattern '?ERROR ?WARN ?"platform.report"'`,
      'Shows the runs of the last day, and what went wrong',
    );
    this.#output(
      'RunNowCommand',
      // The CLI's default time-out is one minute, after which it would start the run once more.
      `aws lambda invoke --function-name ${report.functionName} --cli-read-timeout 900 --cli-binary-format raw-in-base64-out --payload '{}' /dev/stdout`,
      'Reports yesterday now, as the schedule would',
    );
    if (settings.createSecret !== false) {
      this.#output(
        'PutSecretCommand',
        putSecretCommand(settings.secretName),
        'Run this once, type {"project_id":"...","api_token":"..."}, then Enter and Ctrl+D',
      );
    }
    for (const [index, { name, value }] of made.senderDnsRecords.entries()) {
      this.#output(
        `SenderDnsRecord${index + 1}`,
        `${name} CNAME ${value}`,
        "Publish this record to verify the sender's domain",
      );
    }
  }

  #output(name: string, value: string, description?: string): void {
    new CfnOutput(this, name, { value, ...(description !== undefined && { description }) });
  }
}
