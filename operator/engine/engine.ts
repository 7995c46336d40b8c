import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ListMapRunsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describeError } from '../../lambda/errors.ts';
import { requireAwsAccess } from '../aws-access.ts';
import { InvocationLostError, InvocationRefusedError } from '../function/invocation-errors.ts';

const POLL_MS = 2000;

/** The progress of an execution, in days. */
interface EngineCounts {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  /** Never started, because the execution ended first. */
  readonly notBegun: number;
}

/** How an execution ended. */
export interface EngineOutcome extends EngineCounts {
  /** `RUNNING` if watching stopped before the execution ended. */
  readonly status: string;
  /** Why it ended before all days were done; null if it did not. */
  readonly error: string | null;
  /** `s3://…` of the manifest that lists the files with each day's result; null if there is none. */
  readonly results: string | null;
}

/** The state machine that archives many days, as an operator uses it. */
export interface Engine {
  /**
   * Starts it.
   *
   * @param days `YYYY-MM-DD`
   * @param concurrency how many days run at once
   * @returns the execution's ARN
   * @throws InvalidArgumentsError without region or credentials; InvocationRefusedError if Step Functions does not start
   *   it
   */
  start(days: readonly string[], concurrency: number): Promise<string>;
  /**
   * Watches an execution until it ends, or until `isWatching` returns false.
   *
   * @param onProgress called with the number of days that have ended
   * @throws InvocationLostError if it can't be watched; it keeps running all the same
   */
  watch(
    executionArn: string,
    onProgress: (ended: number) => void,
    isWatching: () => boolean,
  ): Promise<EngineOutcome>;
}

/** The engine with this ARN. The AWS SDK finds region, credentials and endpoint by itself. */
export function engine(stateMachineArn: string): Engine {
  const client = new SFNClient({});
  return {
    async start(days, concurrency) {
      await requireAwsAccess(client);
      try {
        const input = JSON.stringify({ days, concurrency });
        const { executionArn = '' } = await client.send(
          new StartExecutionCommand({ stateMachineArn, input }),
        );
        return executionArn;
      } catch (error) {
        throw refused(error);
      }
    },
    async watch(executionArn, onProgress, isWatching) {
      for (;;) {
        const outcome = await look(client, executionArn);
        onProgress(outcome.done + outcome.failed);
        if (outcome.status !== 'RUNNING' || !isWatching()) return outcome;
        await sleep(POLL_MS);
      }
    },
  };
}

/** The current state of an execution. @throws InvocationLostError */
async function look(client: SFNClient, executionArn: string): Promise<EngineOutcome> {
  try {
    const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
    const { status = '', error = null, output } = execution;
    return { ...(await countsOf(client, executionArn)), status, error, results: resultsIn(output) };
  } catch (error) {
    throw new InvocationLostError(
      `The engine keeps running, but can't be watched (${describeError(error)}). Check on it: ${howToLook(executionArn)}`,
    );
  }
}

/** The command that shows the state of an execution. */
export function howToLook(executionArn: string): string {
  return `aws stepfunctions describe-execution --execution-arn ${executionArn}`;
}

async function countsOf(client: SFNClient, executionArn: string): Promise<EngineCounts> {
  const { mapRuns = [] } = await client.send(new ListMapRunsCommand({ executionArn }));
  const mapRunArn = mapRuns[0]?.mapRunArn;
  // At the very start an execution has no map run yet.
  if (mapRunArn === undefined) return { total: 0, done: 0, failed: 0, notBegun: 0 };
  const { itemCounts } = await client.send(new DescribeMapRunCommand({ mapRunArn }));
  const { total = 0, succeeded = 0, failed = 0, timedOut = 0, aborted = 0 } = itemCounts ?? {};
  return { total, done: succeeded, failed: failed + timedOut, notBegun: aborted };
}

function resultsIn(output: string | undefined): string | null {
  if (output === undefined) return null;
  const { ResultWriterDetails: details } = JSON.parse(output) as {
    ResultWriterDetails?: { Bucket: string; Key: string };
  };
  return details === undefined ? null : `s3://${details.Bucket}/${details.Key}`;
}

function refused(error: unknown): InvocationRefusedError {
  const text = describeError(error);
  return new InvocationRefusedError(
    `Step Functions did not start the engine (${text}). Check its ARN, the region and your credentials.`,
  );
}
