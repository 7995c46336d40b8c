import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach } from '@jest/globals';
import { IDENTITY } from '../../../local/cloud.ts';
import { startS3Server, type S3Server } from '../../../local/s3-server.ts';
import {
  type MapMachine,
  startStepFunctionsServer,
  type StepFunctionsServer,
} from '../../../local/step-functions/server.ts';
import { definitionOf } from '../../infrastructure/deployed.ts';
import { synthesized } from '../../infrastructure/synthesized.ts';
import { deploy, type Deployed, FUNCTION } from './deployed.ts';

export const ENGINE = `arn:aws:states:${IDENTITY.region}:123456789012:stateMachine:backfill`;
const RESULTS_BUCKET = 'backfill-results';

/** The deployed function, with the synthesized state machine that calls it. */
export interface DeployedEngine extends Deployed {
  readonly stepFunctions: StepFunctionsServer;
  /** What the engine has written about the days with a status. */
  results(status: 'SUCCEEDED' | 'FAILED'): { readonly Input: string; readonly Error?: string }[];
}

const openings: { stepFunctions: StepFunctionsServer; results: S3Server }[] = [];

afterEach(async () => {
  for (const { stepFunctions, results } of openings.splice(0)) {
    await stepFunctions.close();
    await results.close();
  }
});

/** Deploys function and engine for one test. */
export async function deployEngine(): Promise<DeployedEngine> {
  const deployed = await deploy();
  const results = await startS3Server({ ...IDENTITY, buckets: [RESULTS_BUCKET] });
  const lambda = new LambdaClient({ ...IDENTITY, endpoint: deployed.lambda.url, maxAttempts: 1 });
  const stepFunctions = await startStepFunctionsServer({
    ...IDENTITY,
    stateMachineArn: ENGINE,
    definition: definitionOf(synthesized()) as MapMachine,
    worker: (input) => invoke(lambda, input),
    s3: new S3Client({ ...IDENTITY, endpoint: results.url, forcePathStyle: true }),
  });
  openings.push({ stepFunctions, results });
  return {
    ...deployed,
    stepFunctions,
    environment: { ...deployed.environment, AWS_ENDPOINT_URL_SFN: stepFunctions.url, REPORT_ENGINE: ENGINE },
    results(status) {
      const bucket = results.bucket(RESULTS_BUCKET);
      const key = bucket.keys().find((candidate) => candidate.endsWith(`/${status}_0.json`));
      return key === undefined ? [] : (JSON.parse(bucket.text(key)) as { Input: string }[]);
    },
  };
}

/** Calls the function as Step Functions does: its error becomes the step's. */
async function invoke(lambda: LambdaClient, input: unknown): Promise<unknown> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: FUNCTION, Payload: Buffer.from(JSON.stringify(input)) }),
  );
  const answer = JSON.parse(Payload?.transformToString() ?? 'null') as Record<string, string>;
  if (FunctionError === undefined) return answer;
  const failure = new Error(answer['errorMessage']);
  failure.name = answer['errorType'] ?? 'Error';
  throw failure;
}
