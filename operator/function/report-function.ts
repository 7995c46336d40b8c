import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient, LambdaServiceException } from '@aws-sdk/client-lambda';
import { describeError } from '../../lambda/errors.ts';
import { requireAwsAccess } from '../aws-access.ts';
import { type FunctionAnswer, parseAnswer, parseFailure } from './answer.ts';
import { FunctionFailedError, InvocationLostError, InvocationRefusedError } from './invocation-errors.ts';

// The function may run for 15 minutes. Giving up sooner would leave it running unwatched.
const LONGEST_RUN_MS = 16 * 60_000;

// Routers drop a connection that is silent for some minutes.
const KEEP_ALIVE_MS = 60_000;

const MOST_TURNS = 5;

/** The deployed function, as an operator uses it. */
export interface ReportFunction {
  /**
   * Runs the function once and waits for its answer.
   *
   * @throws FunctionFailedError, InvocationRefusedError, InvocationLostError; InvalidArgumentsError without a region or
   *   credentials
   */
  invoke(event: object): Promise<FunctionAnswer>;
}

/**
 * The function of this name. The AWS SDK finds region, credentials and endpoint by itself.
 *
 * @param name name or ARN
 */
export function reportFunction(name: string): ReportFunction {
  const client = new LambdaClient({
    // A second try by the SDK would run the function twice.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 10_000,
      requestTimeout: LONGEST_RUN_MS,
      socketTimeout: LONGEST_RUN_MS,
      throwOnRequestTimeout: true,
      httpsAgent: { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_MS },
    },
  });
  return { invoke: (event) => invoke(client, name, event) };
}

async function invoke(client: LambdaClient, name: string, event: object): Promise<FunctionAnswer> {
  await requireAwsAccess(client);
  const { FunctionError, Payload } = await inTurn(event, () =>
    client.send(
      new InvokeCommand({
        FunctionName: name,
        InvocationType: 'RequestResponse',
        Payload: Buffer.from(JSON.stringify(event)),
      }),
    ),
  );
  const text = Payload?.transformToString() ?? '';
  if (FunctionError !== undefined) {
    const failure = parseFailure(text);
    throw new FunctionFailedError(failure.name, failure.message);
  }
  const answer = parseAnswer(text);
  if (answer === null) {
    throw new InvocationRefusedError(
      `${name} did not answer as the report function does: ${text.slice(0, 200)}. Check the function's name.`,
    );
  }
  return answer;
}

/** If the account's concurrency is used up, Lambda refuses before it runs anything, so asking again is safe. */
async function inTurn<T>(event: object, send: () => Promise<T>): Promise<T> {
  for (let turn = 1; ; turn += 1) {
    try {
      return await send();
    } catch (error) {
      const isThrottled = error instanceof Error && error.name === 'TooManyRequestsException';
      if (!isThrottled || turn === MOST_TURNS) throw explained(error, event);
      await sleep(1000 * 2 ** (turn - 1));
    }
  }
}

function explained(error: unknown, event: object): Error {
  const text = describeError(error);
  return didNotStart(error)
    ? new InvocationRefusedError(
        `Lambda did not run the function (${text}). Check its name, the region and your credentials.`,
      )
    : new InvocationLostError(
        `It is not known whether the function finished (${text}). ${adviceAfterLoss(event)}`,
      );
}

function adviceAfterLoss(event: object): string {
  return 'resend' in event
    ? 'Check the inbox before you run the same command again: every call sends one more mail.'
    : 'Run the same command again: it is safe.';
}

function didNotStart(error: unknown): boolean {
  if (error instanceof LambdaServiceException) return error.$fault === 'client';
  const { name, code = '' } = error as NodeJS.ErrnoException;
  return name === 'CredentialsProviderError' || ['ECONNREFUSED', 'ENOTFOUND'].includes(code);
}
