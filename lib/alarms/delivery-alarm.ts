import { ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import { reportMetric } from '../report-metrics.ts';
import { type AlarmAudience, ReportAlarm } from './report-alarm.ts';

export interface DeliveryAlarmProps {
  readonly audience: AlarmAudience;
  /** Hour of the day by which yesterday's report must have been delivered: 8 to 23. */
  readonly reportDueHour: number;
  /** IANA zone of that hour. */
  readonly timeZone: string;
}

/**
 * Goes off when the report was not delivered by its hour, for whatever reason, even if nothing ran at all.
 *
 * Every run from six o'clock on that has delivered yesterday's report, or finds it delivered, publishes a metric. After
 * the last run of a day, at 23:00, no data comes until the next report: for seven hours as a rule, or eight if the
 * clock is set back that night. At hour h, data has been missing for h + 1 hours, however late the report was delivered
 * on the day before.
 */
export class DeliveryAlarm extends ReportAlarm {
  constructor(scope: Construct, id: string, { audience, reportDueHour, timeZone }: DeliveryAlarmProps) {
    super(scope, id, {
      audience,
      // FILL, because an alarm looks further back when data points are missing, and would find yesterday's.
      metric: new MathExpression({
        expression: 'FILL(delivered, 0)',
        usingMetrics: { delivered: reportMetric('YesterdayDelivered') },
        period: reportMetric('YesterdayDelivered').period,
        label: "Yesterday's report is delivered",
      }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: reportDueHour + 1,
      treatMissingData: TreatMissingData.BREACHING,
      meaning: `Yesterday's report of SignalWire video costs was not delivered by ${reportDueHour}:00 (${timeZone}).`,
      first:
        'read the last error with TailLogCommand (an output of the stack). If there is none, check that the ' +
        'schedule is on.',
      heading: 'Report not delivered',
    });
    // Whoever was alarmed wants to know that the report was delivered after all.
    this.addOkAction(new SnsAction(audience.topic));
  }
}
