import { Stop, stopOnSignals } from '../backfill/stop.ts';
import { dayProgress } from '../day-progress.ts';
import { InvalidArgumentsError } from '../errors.ts';
import { counted } from '../../lambda/email/words.ts';
import { tableText } from '../table.ts';
import { say, tell } from '../terminal.ts';
import { engine, type EngineOutcome, howToLook } from './engine.ts';

export interface EngineBackfillOptions {
  /** ARN of the state machine. */
  readonly arn: string;
  /** So many days at once. */
  readonly concurrency: number;
}

/**
 * Has the engine archive days, and watches it.
 *
 * @param days `YYYY-MM-DD`, oldest first
 * @returns the exit status: 0 every day is done, 1 a day failed, 130 it still goes on and nobody watches
 * @throws InvocationRefusedError where it can't be started, InvocationLostError where it can't be watched
 */
export async function backfillOnEngine(
  days: readonly string[],
  { arn, concurrency }: EngineBackfillOptions,
): Promise<number> {
  const backfillEngine = engine(arn);
  const executionArn = await backfillEngine.start(days, concurrency);
  say(`Started ${executionArn}`);
  tell('It goes on without this machine: Ctrl+C ends the watching only.');

  const stop = new Stop();
  const endListening = stopOnSignals(stop, 'the engine goes on.');
  const progress = dayProgress('Backfilling', days.length);
  let seen = 0;
  const onProgress = (ended: number): void => {
    for (; seen < ended; seen += 1) progress.dayDone();
  };
  try {
    const outcome = await backfillEngine.watch(executionArn, onProgress, () => stop.reason === null);
    progress.stop();
    say(outcomeText(outcome, executionArn));
    if (outcome.status === 'RUNNING') return 130;
    return outcome.status === 'SUCCEEDED' && outcome.failed === 0 ? 0 : 1;
  } finally {
    progress.stop();
    endListening();
  }
}

/** @throws InvalidArgumentsError where neither the option nor REPORT_ENGINE tells the ARN */
export function engineArn(
  option: string | true,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const arn = option === true ? (environment['REPORT_ENGINE'] ?? '') : option;
  if (arn !== '') return arn;
  throw new InvalidArgumentsError(
    'Which engine? Write --engine <arn>, or set REPORT_ENGINE, with the output BackfillEngineArn of the stack.',
  );
}

function outcomeText(outcome: EngineOutcome, executionArn: string): string {
  const { total, done, failed, notBegun, status, error, results } = outcome;
  const rows: [string, number][] = [['archived', done]];
  if (failed > 0) rows.push(['failed', failed]);
  if (notBegun > 0) rows.push(['not begun', notBegun]);
  const table = tableText(['Status', '>Days'], [...rows, ['total', total]]);
  if (status === 'RUNNING') {
    return `${table}\n\nIt goes on. To look again:\n  ${howToLook(executionArn)}`;
  }
  return [
    table,
    ...(error === null ? [] : ['', `It ended before the last day: ${error}.`]),
    ...(results === null ? [] : ['', `What became of each day: ${results}`]),
    ...(failed + notBegun === 0
      ? []
      : [
          '',
          `${counted(failed + notBegun, 'day')} left. Run the same command again: days that are archived are not read again.`,
        ]),
  ].join('\n');
}
