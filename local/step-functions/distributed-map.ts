import { StateMachine } from 'aws-local-stepfunctions';
import pMap, { pMapSkip } from 'p-map';

/** A Map state in distributed mode, as far as it is read here. */
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

/** What became of an item, as the result writer writes it. */
export interface ChildExecution {
  readonly Input: string;
  readonly Status: 'SUCCEEDED' | 'FAILED';
  readonly Output?: string;
  readonly Error?: string;
  readonly Cause?: string;
}

/** Does the work of the one Task state. */
export type Worker = (input: unknown) => Promise<unknown>;

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Runs a Map state as Step Functions does in distributed mode: each item in an execution of its own, so many at once, until
 * more have failed than are tolerated. Each execution, with item selector, steps and retries, is run by an interpreter of
 * the states language; its waits between retries are left out.
 *
 * @param onChild is told of each execution that has ended
 * @returns those that have ended; fewer than there are items where too many failed
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

/** The state as it is, over one item: what it does with the others is none of that item's business. */
async function runChild(
  state: DistributedMapState,
  input: JsonObject,
  item: unknown,
  worker: Worker,
): Promise<ChildExecution> {
  const definition = { StartAt: 'Map', States: { Map: state } };
  const states = Object.keys(state.ItemProcessor.States);
  // What it knows nothing of (the mode, the label, the writer) was looked at before.
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
  if (key === undefined) throw new Error(`Only a path of one step is understood here, not ${path}`);
  return key;
}
