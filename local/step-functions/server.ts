import { randomUUID } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type AwsIdentity, findSignatureProblem } from '../aws-signature.ts';
import { type Answer, LoopbackServer, type RecordedRequest } from '../loopback-server.ts';
import {
  type ChildExecution,
  type DistributedMapState,
  runDistributedMap,
  type Worker,
} from './distributed-map.ts';

/** A state machine with a single Map state, which writes its results to S3. */
export interface MapMachine {
  readonly StartAt: string;
  readonly States: Readonly<
    Record<
      string,
      DistributedMapState & {
        readonly ResultWriter: { readonly Parameters: { readonly Bucket: string; readonly Prefix: string } };
      }
    >
  >;
}

export interface StepFunctionsServerOptions extends AwsIdentity {
  readonly stateMachineArn: string;
  readonly definition: MapMachine;
  /** What the Task state calls. */
  readonly worker: Worker;
  /** Where results are written. */
  readonly s3: S3Client;
}

interface Execution {
  readonly input: string;
  readonly total: number;
  readonly children: ChildExecution[];
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED';
  output?: string;
  error?: string;
  cause?: string;
}

const TOLERANCE_EXCEEDED = 'States.ExceedToleratedFailureThreshold';

/** Step Functions with one state machine: StartExecution, DescribeExecution, ListMapRuns and DescribeMapRun. */
export class StepFunctionsServer extends LoopbackServer {
  readonly #options: StepFunctionsServerOptions;
  readonly #executions = new Map<string, Execution>();
  readonly #running = new Set<Promise<void>>();

  constructor(options: StepFunctionsServerOptions) {
    super();
    this.#options = options;
  }

  override async close(): Promise<void> {
    await Promise.all(this.#running);
    await super.close();
  }

  protected override async handle(request: RecordedRequest): Promise<Answer> {
    if ((await findSignatureProblem(request, 'states', this.#options)) !== null)
      return refuse(400, 'UnrecognizedClientException', 'The request is not signed correctly.');
    const target = String(request.headers['x-amz-target']);
    const input = JSON.parse(request.body.toString()) as Record<string, string>;
    switch (target) {
      case 'AWSStepFunctions.StartExecution':
        return this.#start(input);
      case 'AWSStepFunctions.DescribeExecution':
        return this.#find(input['executionArn'], (execution) => ({ ...execution, children: undefined }));
      case 'AWSStepFunctions.ListMapRuns':
        return this.#find(input['executionArn'], () => ({ mapRuns: [{ mapRunArn: input['executionArn'] }] }));
      case 'AWSStepFunctions.DescribeMapRun':
        return this.#find(input['mapRunArn'], counts);
      default:
        return refuse(501, 'NotImplementedException', `This server does not implement ${target}`);
    }
  }

  #start({ stateMachineArn, input = '{}' }: Record<string, string>): Answer {
    if (stateMachineArn !== this.#options.stateMachineArn)
      return refuse(
        400,
        'StateMachineDoesNotExist',
        `State Machine Does Not Exist: '${String(stateMachineArn)}'`,
      );
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${randomUUID()}`;
    const { days } = JSON.parse(input) as { days: unknown[] };
    const execution: Execution = { input, total: days.length, children: [], status: 'RUNNING' };
    this.#executions.set(executionArn, execution);
    const run = this.#run(execution).finally(() => this.#running.delete(run));
    this.#running.add(run);
    return json(200, { executionArn, startDate: this.now().getTime() / 1000 });
  }

  async #run(execution: Execution): Promise<void> {
    const { definition, worker } = this.#options;
    const state = definition.States[definition.StartAt];
    if (state === undefined) throw new Error(`No state ${definition.StartAt}`);
    await runDistributedMap(state, JSON.parse(execution.input) as object as never, worker, (child) =>
      execution.children.push(child),
    );
    const { Bucket, Prefix } = state.ResultWriter.Parameters;
    const folder = `${Prefix}/${randomUUID()}`;
    for (const status of ['SUCCEEDED', 'FAILED'] as const) {
      const children = execution.children.filter(({ Status }) => Status === status);
      if (children.length > 0) await this.#write(Bucket, `${folder}/${status}_0.json`, children);
    }
    await this.#write(Bucket, `${folder}/manifest.json`, { DestinationBucket: Bucket });
    if (execution.children.length === execution.total) {
      execution.status = 'SUCCEEDED';
      execution.output = JSON.stringify({ ResultWriterDetails: { Bucket, Key: `${folder}/manifest.json` } });
    } else {
      execution.status = 'FAILED';
      execution.error = TOLERANCE_EXCEEDED;
      execution.cause = 'The specified tolerated failure threshold was exceeded';
    }
  }

  async #write(Bucket: string, Key: string, value: unknown): Promise<void> {
    await this.#options.s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(value) }));
  }

  #find(arn: string | undefined, answer: (execution: Execution) => unknown): Answer {
    const execution = this.#executions.get(arn ?? '');
    return execution === undefined
      ? refuse(400, 'ExecutionDoesNotExist', `Execution Does Not Exist: '${String(arn)}'`)
      : json(200, answer(execution));
  }
}

/** Starts Step Functions with its one state machine. */
export function startStepFunctionsServer(options: StepFunctionsServerOptions): Promise<StepFunctionsServer> {
  return new StepFunctionsServer(options).listen();
}

function counts({ status, total, children }: Execution): unknown {
  const failed = children.filter(({ Status }) => Status === 'FAILED').length;
  const left = total - children.length;
  return {
    status,
    itemCounts: {
      total,
      failed,
      succeeded: children.length - failed,
      pending: status === 'RUNNING' ? left : 0,
      aborted: status === 'RUNNING' ? 0 : left,
    },
  };
}

function refuse(status: number, type: string, message: string): Answer {
  return json(status, { __type: type, message });
}

function json(status: number, value: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify(value),
  };
}
