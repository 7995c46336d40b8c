import { StateMachine } from 'aws-local-stepfunctions';
import pMap, { pMapSkip } from 'p-map';

/** The parts of a Map state in distributed mode that are used here. */
export interface DistributedMapState {
  readonly Type: 'Map';
  readonly ItemsPath: string;
  readonly MaxConcurrencyPath: string;
  readonly ToleratedFailurePercentage: number;
  readonly ItemProcessor: {
    readonly ProcessorConfig: { readonly Mode: 'DISTRIBUTED' };
    readonly States: Readonly<Record<string, object>>;
  };
}

/** The outcome of an item, in the format of the result writer. */
export interface ChildExecution {
  readonly Input: string;
  readonly Status: 'SUCCEEDED' | 'FAILED';
  readonly Output?: string;
  readonly Error?: string;
  readonly Cause?: string;
}

/** Does the work of the only Task state. */
export type Worker = (input: unknown) => Promise<unknown>;

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Runs a Map state as Step Functions does in distributed mode: each item in its own execution, with limited
 * concurrency, until more have failed than are tolerated. An interpreter of the states language runs each execution,
 * with its item selector, steps and retries; it does not wait between retries.
 *
 * @param onChild called with each execution that has ended
 * @returns the executions that have ended; fewer than there are items if too many failed
 */
export async function runDistributedMap(
  state: DistributedMapState,
  input: JsonObject,
  worker: Worker,
  onChild: (child: ChildExecution) => void,
): Promise<ChildExecution[]> {
  const itemsKey = keyOf(state.ItemsPath);
  const items = input[itemsKey] as unknown[];
  const tolerated = Math.floor((items.length * state.ToleratedFailurePercentage) / 100);
  let failed = 0;
  const run = async (item: unknown): Promise<ChildExecution | typeof pMapSkip> => {
    if (failed > tolerated) return pMapSkip;
    const child = await runChild(state, { ...input, [itemsKey]: [item] }, item, worker);
    if (child.Status === 'FAILED') failed += 1;
    onChild(child);
    return child;
  };
  return pMap(items, run, { concurrency: input[keyOf(state.MaxConcurrencyPath)] as number });
}

/** Runs the unchanged state with a single item: each item is independent of the others. */
async function runChild(
  state: DistributedMapState,
  input: JsonObject,
  item: unknown,
  worker: Worker,
): Promise<ChildExecution> {
  const definition = { StartAt: 'Map', States: { Map: state } };
  const states = Object.keys(state.ItemProcessor.States);
  // Not validated: the interpreter does not know the mode, the label and the writer, which are handled elsewhere.
  const machine = new StateMachine(definition as never, { validationOptions: { noValidate: true } });
  const { result } = machine.run(input as never, {
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(states.map((name) => [name, worker as never])),
      retryIntervalOverrides: Object.fromEntries(states.map((name) => [name, 0])),
    },
  });
  const Input = JSON.stringify(item);
  try {
    const [output] = (await result) as unknown[];
    return { Input, Status: 'SUCCEEDED', Output: JSON.stringify(output) };
  } catch (error) {
    const { cause = error } = error as Error;
    const { name, message } = cause as Error;
    return { Input, Status: 'FAILED', Error: name, Cause: message };
  }
}

function keyOf(path: string): string {
  const [, key] = /^\$\.(\w+)$/.exec(path) ?? [];
  if (key === undefined) throw new Error(`Only a path with a single step is supported here, not ${path}`);
  return key;
}
