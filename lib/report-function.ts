import { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Environment } from '../lambda/environment.ts';
import { reportBundle } from './report-bundle.ts';

export interface ReportFunctionProps {
  readonly environment: Environment;
  readonly role: IRole;
  readonly logGroup: ILogGroup;
  /** Gets the events of failed runs, with the error. */
  readonly failedRuns: IQueue;
  /**
   * The number of concurrent runs that are reserved for this function.
   *
   * @default - none are reserved
   */
  readonly reservedConcurrency?: number | undefined;
}

/** The longest that Lambda allows. */
const TIMEOUT = Duration.minutes(15);

/** The job itself: event in, answer out. */
export class ReportFunction extends LambdaFunction {
  /** The time after which Lambda ends a run. */
  readonly longestRun = TIMEOUT;

  constructor(scope: Construct, id: string, props: ReportFunctionProps) {
    super(scope, id, {
      description: "Archives and mails yesterday's SignalWire video costs",
      code: reportBundle(),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: TIMEOUT,
      role: props.role,
      logGroup: props.logGroup,
      // Makes Lambda's own lines JSON objects, too. What the job writes to stdout stays as it is: only output of the
      // global console is wrapped.
      loggingFormat: LoggingFormat.JSON,
      // No retry by Lambda: it would meet the same outage a minute later, and the next hour's event repeats the job
      // anyway. Lambda may still deliver an event twice; that is harmless, since a mail is claimed before it is sent.
      retryAttempts: 0,
      // By the time an event has waited an hour, the next one has come.
      maxEventAge: Duration.hours(1),
      // The role already has the permission for it; the library's own destination would grant more.
      onFailure: { bind: () => ({ destination: props.failedRuns.queueArn }) },
      ...(props.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrency,
      }),
    });
    for (const [name, value] of Object.entries(props.environment)) {
      if (value !== undefined) this.addEnvironment(name, value);
    }
  }
}
