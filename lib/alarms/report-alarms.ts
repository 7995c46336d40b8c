import { Duration } from 'aws-cdk-lib';
import { type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { EventQueue } from '../event-queue.ts';
import type { ReportFunction } from '../report-function.ts';
import { reportMetric } from '../report-metrics.ts';
import { DeliveryAlarm } from './delivery-alarm.ts';
import { type AlarmAudience, ReportAlarm } from './report-alarm.ts';

// The time between two runs, so that an outage is one alarm and not one every hour.
const PERIOD = Duration.hours(1);

export interface ReportAlarmsProps {
  readonly audience: AlarmAudience;
  readonly report: ReportFunction;
  /** Events that Scheduler could not hand over to Lambda. */
  readonly undelivered: EventQueue;
  /** Events of runs that failed. */
  readonly failedRuns: EventQueue;
  /** Hour of the day by which yesterday's report must have been delivered. */
  readonly reportDueHour: number;
  /** IANA zone of that hour. */
  readonly timeZone: string;
  /**
   * The number of mails that bounced.
   *
   * @default - bounces are not counted
   */
  readonly bounces?: Metric | undefined;
}

/** An alarm for everything that somebody must know about. Each has a heading in docs/runbook.md. */
export class ReportAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ReportAlarmsProps) {
    super(scope, id);
    const { audience, report } = props;
    new DeliveryAlarm(this, 'ReportNotDelivered', props);
    new ReportAlarm(this, 'RunFailed', {
      audience,
      metric: report.metricErrors({ period: PERIOD }),
      threshold: 1,
      meaning: 'A run of the report failed; nothing wrong was stored or mailed.',
      first: 'read the error with TailLogCommand (an output of the stack): it says what to do.',
      heading: 'Run failed',
    });
    new ReportAlarm(this, 'RunThrottled', {
      audience,
      metric: report.metricThrottles({ period: PERIOD }),
      threshold: 1,
      meaning:
        'Lambda had no capacity left in this account and region, so a run of the report could not start.',
      first: 'find out which function uses up the concurrency; the next hourly run tries again.',
      heading: 'Run throttled',
    });
    new ReportAlarm(this, 'RunSlow', {
      audience,
      metric: report.metricDuration({ period: PERIOD, statistic: Stats.MAXIMUM }),
      threshold: 0.8 * report.longestRun.toMilliseconds(),
      meaning: 'A run of the report took more than 80 % of the time that Lambda allows.',
      first: 'look at the dashboard: did API time and retries increase, or the number of sessions?',
      heading: 'Run slow',
    });
    new ReportAlarm(this, 'EventNotHandedOver', {
      audience,
      metric: waiting(props.undelivered),
      threshold: 1,
      meaning: 'EventBridge Scheduler could not start the report.',
      first: 'read the message in the dead-letter queue: its attribute ERROR_MESSAGE says why.',
      heading: 'Event not handed over',
    });
    new ReportAlarm(this, 'FailedRunsWaiting', {
      audience,
      metric: waiting(props.failedRuns),
      threshold: 1,
      meaning:
        'Runs of the report failed, or were too late, and their events are in the queue of failed runs.',
      first: 'check whether the report has been delivered since; if so, only the queue must be emptied.',
      heading: 'Failed runs waiting',
    });
    new ReportAlarm(this, 'RestatementFailed', {
      audience,
      metric: reportMetric('RestatementFailures'),
      threshold: 1,
      meaning:
        "An earlier day could not be read again, so a late charge may be missing; yesterday's report is not affected.",
      first: 'do nothing, unless it happens two mornings in a row: the next morning tries again.',
      heading: 'Restatement failed',
    });
    if (props.bounces !== undefined) {
      new ReportAlarm(this, 'MailBounced', {
        audience,
        metric: props.bounces,
        threshold: 1,
        meaning: "A recipient's mail server refused the report for good.",
        first: 'read the address in the message from SES on this topic, and correct or remove it in emailTo.',
        heading: 'Mail bounced',
      });
    }
  }
}

function waiting(queue: EventQueue): Metric {
  return queue.metricApproximateNumberOfMessagesVisible({
    period: Duration.minutes(5),
    statistic: Stats.MAXIMUM,
  });
}
