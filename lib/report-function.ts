import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Environment } from '../lambda/environment.ts';

export interface ReportFunctionProps {
  readonly environment: Environment;
  readonly role: IRole;
  readonly logGroup: ILogGroup;
}

/** The job itself: event in, answer out. */
export class ReportFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: ReportFunctionProps) {
    super(scope, id, {
      description: "Archives and mails yesterday's SignalWire video costs",
      entry: join(import.meta.dirname, '../lambda/handler.ts'),
      handler: 'handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: Duration.minutes(15),
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
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        minify: true,
        // ES modules where a package has them: half the size, as unused parts can be left out.
        mainFields: ['module', 'main'],
        // The SDK that was tested is the one that runs.
        bundleAwsSDK: true,
      },
    });
    for (const [name, value] of Object.entries(props.environment)) {
      if (value !== undefined) this.addEnvironment(name, value);
    }
  }
}
