import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ListMapRunsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describeError } from '../../lambda/errors.ts';
import { InvocationLostError, InvocationRefusedError } from '../function/invocation-errors.ts';

const POLL_MS = 2000;

/** How far an execution is, in days. */
interface EngineCounts {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  /** Neither done nor failed, and not to be begun any more. */
  readonly notBegun: number;
}

/** How an execution ended. */
export interface EngineOutcome extends EngineCounts {
  /** `RUNNING` where nobody wants to watch any longer. */
  readonly status: string;
  /** Why it ended before the last day; null where it did not. */
  readonly error: string | null;
  /** `s3://…` of the list of files that tell what became of each day; null where none is told. */
  readonly results: string | null;
}

/** The state machine that archives many days, as far as an operator calls it. */
export interface Engine {
  /**
   * Starts it.
   *
   * @param days `YYYY-MM-DD`
   * @param concurrency so many days at once
   * @returns the execution's ARN
   * @throws InvocationRefusedError where Step Functions does not start it
   */
  start(days: readonly string[], concurrency: number): Promise<string>;
  /**
   * Watches an execution to its end, or as long as somebody wants to.
   *
   * @param onProgress is told how many days have ended
   * @throws InvocationLostError where it can't be watched; it goes on all the same
   */
  watch(
    executionArn: string,
    onProgress: (ended: number) => void,
    isWatching: () => boolean,
  ): Promise<EngineOutcome>;
}

/** The engine of this ARN. Region, credentials and endpoint are those that the AWS SDK finds by itself. */
export function engine(stateMachineArn: string): Engine {
  const client = new SFNClient({});
  return {
    async start(days, concurrency) {
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

/** How an execution stands. @throws InvocationLostError */
async function look(client: SFNClient, executionArn: string): Promise<EngineOutcome> {
  try {
    const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
    const { status = '', error = null, output } = execution;
    return { ...(await countsOf(client, executionArn)), status, error, results: resultsIn(output) };
  } catch (error) {
    throw new InvocationLostError(
      `The engine goes on, but can't be watched (${describeError(error)}). Look again: ${howToLook(executionArn)}`,
    );
  }
}

/** The command that shows how an execution stands. */
export function howToLook(executionArn: string): string {
  return `aws stepfunctions describe-execution --execution-arn ${executionArn}`;
}

async function countsOf(client: SFNClient, executionArn: string): Promise<EngineCounts> {
  const { mapRuns = [] } = await client.send(new ListMapRunsCommand({ executionArn }));
  const mapRunArn = mapRuns[0]?.mapRunArn;
  // In its first moments an execution has none yet.
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
