import { Alarm, type AlarmProps, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { type RunbookHeading, runbookLink } from './runbook.ts';

/** Whom alarms tell, and where those find out more. */
export interface AlarmAudience {
  readonly topic: ITopic;
  readonly runbookUrl: string;
}

export interface ReportAlarmProps extends Pick<AlarmProps, 'metric' | 'threshold'> {
  readonly audience: AlarmAudience;
  /** What it means that it goes off, in a sentence. */
  readonly meaning: string;
  /** What to do first, in a sentence. */
  readonly first: string;
  /** Where the rest stands. */
  readonly heading: RunbookHeading;
  /**
   * How the metric must stand to the threshold.
   *
   * @default - at it or above it
   */
  readonly comparisonOperator?: ComparisonOperator;
  /**
   * So many periods in a row.
   *
   * @default 1
   */
  readonly evaluationPeriods?: number;
  /**
   * What no data means.
   *
   * @default - all is well
   */
  readonly treatMissingData?: TreatMissingData;
}

/** An alarm that says what it means, what to do first, and where the rest stands. */
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
