import { Alarm, type AlarmProps, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { type RunbookHeading, runbookLink } from './runbook.ts';

/** Who is notified by alarms, and where they can read more. */
export interface AlarmAudience {
  readonly topic: ITopic;
  readonly runbookUrl: string;
}

export interface ReportAlarmProps extends Pick<AlarmProps, 'metric' | 'threshold'> {
  readonly audience: AlarmAudience;
  /** What it means when the alarm goes off, in a sentence. */
  readonly meaning: string;
  /** What to do first, in a sentence. */
  readonly first: string;
  /** The heading in the runbook with further instructions. */
  readonly heading: RunbookHeading;
  /**
   * How the metric is compared with the threshold.
   *
   * @default - at the threshold or above it
   */
  readonly comparisonOperator?: ComparisonOperator;
  /**
   * The number of consecutive periods.
   *
   * @default 1
   */
  readonly evaluationPeriods?: number;
  /**
   * What missing data means.
   *
   * @default - that all is well
   */
  readonly treatMissingData?: TreatMissingData;
}

/** An alarm that says what it means, what to do first, and where to read more. */
export class ReportAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: ReportAlarmProps) {
    const { audience, meaning, first, heading } = props;
    super(scope, id, {
      alarmDescription: `${meaning} First: ${first} Runbook: ${runbookLink(audience.runbookUrl, heading)}`,
      metric: props.metric,
      threshold: props.threshold,
      comparisonOperator: props.comparisonOperator ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: props.evaluationPeriods ?? 1,
      treatMissingData: props.treatMissingData ?? TreatMissingData.NOT_BREACHING,
    });
    this.addAlarmAction(new SnsAction(audience.topic));
  }
}
