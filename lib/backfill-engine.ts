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

/** Lambda's own troubles, which pass in seconds; the function did not run, or nobody knows whether it did. */
const OF_LAMBDA = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

/** The function's own failures (lambda/errors.ts) that may have passed in some minutes. Any other would come again. */
const OF_THE_RUN = ['SignalWireUnavailableError', 'ArchiveError', 'OutOfTimeError'];

export interface BackfillEngineProps {
  readonly report: IFunction;
  readonly accessLogs: AccessLogs;
}

/**
 * Archives many days without a mail: a Step Functions state machine that calls the function once a day, so many at once
 * as its input says. Its input is `{"days": ["2026-01-01", …], "concurrency": 2}`.
 *
 * A day that fails does not keep the others from running, unless more than a tenth have failed: then something is wrong
 * with all of them. What became of each day is written to S3. It may be run again at any time: days that are archived
 * are not read again.
 */
export class BackfillEngine extends Construct {
  readonly stateMachineArn: string;

  constructor(scope: Construct, id: string, { report, accessLogs }: BackfillEngineProps) {
    super(scope, id);
    // Whatever the app's own flags: the older writer is on its way out.
    this.node.setContext(STEPFUNCTIONS_USE_DISTRIBUTED_MAP_RESULT_WRITER_V2, true);
    const results = new ExpiringBucket(this, 'Results', { keepDays: 90 });
    accessLogs.record(results, 'backfill-results');

    const reportDay = new LambdaInvoke(this, 'ReportDay', {
      lambdaFunction: report,
      payloadResponseOnly: true,
      retryOnServiceExceptions: false,
      // A little more than the function itself may take.
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
      // Not express, as a day may take longer than the five minutes that those may.
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
        'Step Functions keeps the history of each execution for 90 days, and the function logs each day itself.',
    },
    {
      id: 'AwsSolutions-SF2',
      reason: 'One step that calls one function: there is nothing to trace between.',
    },
    {
      id: `AwsSolutions-IAM5[Resource::<${id(report)}.Arn>:*]`,
      reason: 'The versions of the one function that it calls.',
    },
    {
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::<${id(results)}>/*]`,
      reason:
        'The bucket is its own: each execution has a folder in it, under a name that is known only then.',
    },
    ...[`:${name}:*`, `:${name}/EachDay:*`].map((suffix) => ({
      id: `AwsSolutions-IAM5[${executions}${suffix}]`,
      reason: 'Its own executions, one a day, under names that are known only then.',
    })),
  );
}
