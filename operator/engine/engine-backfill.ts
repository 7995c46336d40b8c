import { Stop, stopOnSignals } from '../backfill/stop.ts';
import { dayProgress } from '../day-progress.ts';
import { InvalidArgumentsError } from '../errors.ts';
import { counted } from '../../lambda/email/words.ts';
import { tableText } from '../table.ts';
import { notify, say } from '../terminal.ts';
import { engine, type EngineOutcome, howToLook } from './engine.ts';

export interface EngineBackfillOptions {
  /** ARN of the state machine. */
  readonly arn: string;
  /** How many days run at once. */
  readonly concurrency: number;
}

/**
 * Has the engine archive days, and watches it.
 *
 * @param days `YYYY-MM-DD`, oldest first
 * @returns the exit status: 0 every day is done, 1 a day failed, 130 it is still running and no longer watched
 * @throws InvocationRefusedError if it can't be started, InvocationLostError if it can't be watched
 */
export async function backfillOnEngine(
  days: readonly string[],
  { arn, concurrency }: EngineBackfillOptions,
): Promise<number> {
  const backfillEngine = engine(arn);
  const executionArn = await backfillEngine.start(days, concurrency);
  say(`Started ${executionArn}`);
  notify('It keeps running without this machine: Ctrl+C only stops watching.');

  const stop = new Stop();
  const endListening = stopOnSignals(stop, 'the engine keeps running.');
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

/** @throws InvalidArgumentsError if neither the option nor REPORT_ENGINE gives the ARN */
export function engineArn(
  option: string | true,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const arn = option === true ? (environment['REPORT_ENGINE'] ?? '') : option;
  if (arn !== '') return arn;
  throw new InvalidArgumentsError(
    "Which engine? Give --engine <arn> or set REPORT_ENGINE: the ARN is the stack's output BackfillEngineArn.",
  );
}

function outcomeText(outcome: EngineOutcome, executionArn: string): string {
  const { total, done, failed, notBegun, status, error, results } = outcome;
  const rows: [string, number][] = [['archived', done]];
  if (failed > 0) rows.push(['failed', failed]);
  if (notBegun > 0) rows.push(['not started', notBegun]);
  const table = tableText(['Status', '>Days'], [...rows, ['total', total]]);
  if (status === 'RUNNING') {
    return `${table}\n\nIt is still running. To check on it:\n  ${howToLook(executionArn)}`;
  }
  return [
    table,
    ...(error === null ? [] : ['', `It ended before all days were done: ${error}.`]),
    ...(results === null ? [] : ['', `Results for each day: ${results}`]),
    ...(failed + notBegun === 0
      ? []
      : [
          '',
          `${counted(failed + notBegun, 'day')} left. Run the same command again: archived days are not read again.`,
        ]),
  ].join('\n');
}
