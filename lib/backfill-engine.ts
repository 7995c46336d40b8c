import { type CfnElement, Duration, Stack, Validations } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import {
  DefinitionBody,
  DistributedMap,
  JsonPath,
  ResultWriterV2,
  StateMachine,
  StateMachineType,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { STEPFUNCTIONS_USE_DISTRIBUTED_MAP_RESULT_WRITER_V2 } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import type { AccessLogs } from './access-logs.ts';
import { ExpiringBucket } from './expiring-bucket.ts';

/** Lambda's own errors, which pass in seconds. The function did not run, or it is unknown whether it did. */
const OF_LAMBDA = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

/** The function's own errors (lambda/errors.ts) that may be gone in a few minutes. Any other would come again. */
const OF_THE_RUN = ['SignalWireUnavailableError', 'ArchiveError', 'OutOfTimeError'];

export interface BackfillEngineProps {
  readonly report: IFunction;
  readonly accessLogs: AccessLogs;
}

/**
 * Archives many days without sending mails: a Step Functions state machine that calls the function once for each day,
 * with the concurrency that its input gives: `{"days": ["2026-01-01", …], "concurrency": 2}`.
 *
 * If a day fails, the others still run, unless more than a tenth have failed: then something is wrong with all of them.
 * The result of each day is written to S3. The machine may run again at any time: archived days are not read again.
 */
export class BackfillEngine extends Construct {
  readonly stateMachineArn: string;

  constructor(scope: Construct, id: string, { report, accessLogs }: BackfillEngineProps) {
    super(scope, id);
    // Regardless of the app's own flags, since the older writer is deprecated.
    this.node.setContext(STEPFUNCTIONS_USE_DISTRIBUTED_MAP_RESULT_WRITER_V2, true);
    const results = new ExpiringBucket(this, 'Results', { keepDays: 90 });
    accessLogs.record(results, 'backfill-results');

    const reportDay = new LambdaInvoke(this, 'ReportDay', {
      lambdaFunction: report,
      payloadResponseOnly: true,
      retryOnServiceExceptions: false,
      // A little longer than the function's own time-out.
      taskTimeout: Timeout.duration(Duration.minutes(16)),
    });
    reportDay.addRetry({
      errors: OF_LAMBDA,
      interval: Duration.seconds(2),
      backoffRate: 2,
      maxAttempts: 6,
    });
    reportDay.addRetry({
      errors: OF_THE_RUN,
      interval: Duration.minutes(1),
      backoffRate: 2,
      maxAttempts: 3,
    });

    const eachDay = new DistributedMap(this, 'EachDay', {
      comment: 'Archives each day, without a mail',
      itemsPath: '$.days',
      maxConcurrencyPath: JsonPath.stringAt('$.concurrency'),
      itemSelector: { day: JsonPath.stringAt('$$.Map.Item.Value'), email: false },
      label: 'EachDay',
      // Not express: those may take five minutes, and a day may take longer.
      mapExecutionType: StateMachineType.STANDARD,
      toleratedFailurePercentage: 10,
      resultWriterV2: new ResultWriterV2({ bucket: results as IBucket, prefix: 'backfills' }),
    });
    eachDay.itemProcessor(reportDay);

    const machine = new StateMachine(this, 'StateMachine', {
      comment: 'Archives SignalWire video costs of many days',
      definitionBody: DefinitionBody.fromChainable(eachDay),
      stateMachineType: StateMachineType.STANDARD,
    });
    this.stateMachineArn = machine.stateMachineArn;
    acknowledge(machine, { report, results });
  }
}

function acknowledge(
  machine: StateMachine,
  { report, results }: { readonly report: IFunction; readonly results: ExpiringBucket },
): void {
  const stack = Stack.of(machine);
  const id = ({ node }: Pick<Construct, 'node'>): string =>
    stack.getLogicalId(node.defaultChild as CfnElement);
  const executions = 'Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution';
  const name = `{"Fn::Select":[6,{"Fn::Split":[":",{"Ref":"${id(machine)}"}]}]}`;
  Validations.of(machine).acknowledge(
    {
      id: 'AwsSolutions-SF1',
      reason:
        'Step Functions keeps the history of each execution for 90 days, and the function itself logs each day.',
    },
    {
      id: 'AwsSolutions-SF2',
      reason: 'It is a single step that calls a single function, so there is nothing to trace.',
    },
    {
      id: `AwsSolutions-IAM5[Resource::<${id(report)}.Arn>:*]`,
      reason: 'These are the versions of the only function that it calls.',
    },
    {
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::<${id(results)}>/*]`,
      reason:
        'The bucket is its own: each execution has a folder in it, with a name that is only known at run time.',
    },
    ...[`:${name}:*`, `:${name}/EachDay:*`].map((suffix) => ({
      id: `AwsSolutions-IAM5[${executions}${suffix}]`,
      reason: 'These are its own executions, one for each day, with names that are only known at run time.',
    })),
  );
}
