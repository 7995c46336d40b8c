import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DailyCostReport } from './daily-cost-report.ts';
import type { DailyCostReportProps } from './daily-cost-report-props.ts';

export interface CostReportStackProps {
  readonly settings: DailyCostReportProps;
}

/** The daily report in a stack of its own, which tells how to use it in its outputs. */
export class CostReportStack extends Stack {
  constructor(scope: Construct, id: string, { settings }: CostReportStackProps) {
    super(scope, id, {
      description:
        "Yesterday's SignalWire video costs, room by room: an archive in S3 and a mail every morning",
    });
    // `Default` leaves no trace in the resources' ids, so they stay what they are wherever the construct is used.
    const { archive, report, logGroup, ...made } = new DailyCostReport(this, 'Default', settings);

    this.#tell('ArchiveBucketName', archive.bucketName);
    this.#tell('ReportFunctionName', report.functionName);
    this.#tell('AlarmTopicArn', made.alarmTopic.topicArn);
    this.#tell('BackfillEngineArn', made.backfillEngineArn);
    this.#tell('DashboardName', made.dashboardName);
    this.#tell('AthenaDatabase', made.athenaDatabase);
    this.#tell('AthenaWorkgroup', made.athenaWorkgroup);
    this.#tell(
      'TailLogCommand',
      `aws logs tail ${logGroup.logGroupName} --since 1d --filter-pattern ERROR`,
      'Shows what went wrong in the last day',
    );
    this.#tell(
      'RunNowCommand',
      // The CLI's own time-out is a minute, after which it would start the run once more.
      `aws lambda invoke --function-name ${report.functionName} --cli-read-timeout 900 --cli-binary-format raw-in-base64-out --payload '{}' /dev/stdout`,
      'Reports yesterday now, as the schedule would',
    );
    if (settings.createSecret !== false) {
      this.#tell(
        'PutSecretCommand',
        // From standard input, so that the token gets into no shell's history.
        `aws secretsmanager put-secret-value --secret-id ${settings.secretName} --secret-string file:///dev/stdin`,
        'Run this once, type {"project_id":"...","api_token":"..."}, then Enter and Ctrl+D',
      );
    }
    for (const [index, { name, value }] of made.senderDnsRecords.entries()) {
      this.#tell(
        `SenderDnsRecord${index + 1}`,
        `${name} CNAME ${value}`,
        "Publish it, to verify the sender's domain",
      );
    }
  }

  #tell(name: string, value: string, description?: string): void {
    new CfnOutput(this, name, { value, ...(description !== undefined && { description }) });
  }
}
