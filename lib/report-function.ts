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
  /** Where the events of failed runs end, with what went wrong. */
  readonly failedRuns: IQueue;
  /**
   * So many runs at once, which nobody else in the account can take.
   *
   * @default - none are reserved
   */
  readonly reservedConcurrency?: number | undefined;
}

/** Lambda's longest. */
const TIMEOUT = Duration.minutes(15);

/** The job itself: event in, answer out. */
export class ReportFunction extends LambdaFunction {
  /** After which Lambda ends a run. */
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
      // Lambda's own lines become JSON objects as well. Those that the job writes to stdout stay as they are: only what
      // goes through the global console is wrapped.
      loggingFormat: LoggingFormat.JSON,
      // No retry by Lambda: it would meet the same outage a minute later, and the next hour's event repeats the job
      // anyway. Lambda may deliver an event twice all the same; that is harmless, as a mail is claimed before it is sent.
      retryAttempts: 0,
      // An event that has waited an hour is overtaken by the next one.
      maxEventAge: Duration.hours(1),
      // The role has leave to send there already; the library's own destination would give it more.
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
