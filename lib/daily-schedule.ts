import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { EventQueue } from './event-queue.ts';

export interface DailyScheduleProps {
  /** The function to run. */
  readonly report: IFunction;

  /** IANA time zone of the schedule's hours, the one in which a billing day ends. */
  readonly timeZone: string;
}

/**
 * Starts the report every hour from 06:00 to 23:00. The first run that succeeds delivers the day's report, and the
 * others find it delivered, so an outage in the morning only delays the mail.
 */
export class DailySchedule extends Construct {
  /** Events that Scheduler could not hand over to Lambda. Failed runs are not among them. */
  readonly undelivered: EventQueue;

  constructor(scope: Construct, id: string, props: DailyScheduleProps) {
    super(scope, id);

    this.undelivered = new EventQueue(this, 'DeadLetterQueue');

    new Schedule(this, 'Schedule', {
      description: 'SignalWire video cost report: hourly from 06:00 to 23:00, one mail a day',
      schedule: ScheduleExpression.cron({ minute: '0', hour: '6-23', timeZone: TimeZone.of(props.timeZone) }),
      timeWindow: TimeWindow.off(),
      target: new LambdaInvoke(props.report, {
        // The scheduled hour, not the actual one, so that a late event still reports the right day.
        input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime }),
        deadLetterQueue: this.undelivered,
        // After that, the next hour's event comes anyway.
        retryAttempts: 3,
        maxEventAge: Duration.minutes(30),
        role: this.#role(props.report),
      }),
    });
  }

  /** A role with its own permissions: those that the target would add allow all versions of the function. */
  #role(report: IFunction): IRole {
    const stack = Stack.of(this);
    const schedules = stack.formatArn({
      service: 'scheduler',
      resource: 'schedule-group',
      resourceName: 'default',
    });
    const role = new Role(this, 'Role', {
      description: 'Lets EventBridge Scheduler start the SignalWire video cost report',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': schedules } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({
        sid: 'StartReport',
        actions: ['lambda:InvokeFunction'],
        resources: [report.functionArn],
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        sid: 'PutUndelivered',
        actions: ['sqs:SendMessage'],
        resources: [this.undelivered.queueArn],
      }),
    );
    return role.withoutPolicyUpdates();
  }
}
