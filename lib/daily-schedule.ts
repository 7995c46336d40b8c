import { Duration, TimeZone } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface DailyScheduleProps {
  /** What is to run. */
  readonly report: IFunction;

  /** IANA zone of the hours below, the same in which a billing day ends. */
  readonly timeZone: string;
}

/**
 * Starts the report every hour from 06:00 to 23:00. The first run that succeeds delivers the day and the others find it
 * delivered, so that an outage in the morning only delays the mail.
 */
export class DailySchedule extends Construct {
  constructor(scope: Construct, id: string, props: DailyScheduleProps) {
    super(scope, id);

    // Events that Scheduler could not hand over to Lambda; a run that fails is not among them.
    const undelivered = new Queue(this, 'DeadLetterQueue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });

    new Schedule(this, 'Schedule', {
      description: 'SignalWire video cost report: hourly from 06:00 to 23:00, one mail a day',
      schedule: ScheduleExpression.cron({ minute: '0', hour: '6-23', timeZone: TimeZone.of(props.timeZone) }),
      timeWindow: TimeWindow.off(),
      target: new LambdaInvoke(props.report, {
        // The hour that was meant, not the one it became: a late event still reports the right day.
        input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime }),
        deadLetterQueue: undelivered,
        // The next hour comes anyway.
        retryAttempts: 3,
        maxEventAge: Duration.minutes(30),
      }),
    });
  }
}
