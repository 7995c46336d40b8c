import { Command } from 'commander';
import { backfill } from './backfill/backfill.ts';
import { Stop, stopOnSignals } from './backfill/stop.ts';
import { summarize } from './backfill/summary.ts';
import { summaryText } from './backfill/summary-text.ts';
import { dayProgress } from './day-progress.ts';
import { daysOf, requireOver } from './day-range.ts';
import { backfillOnEngine, engineArn } from './engine/engine-backfill.ts';
import { InvalidArgumentsError } from './errors.ts';
import { FUNCTION_HELP, FUNCTION_OPTION, functionName } from './function-name.ts';
import { reportFunction } from './function/report-function.ts';
import { calendarDay, concurrency, timeZoneOf } from './options.ts';
import { say } from './terminal.ts';

interface Options {
  readonly from: string;
  readonly to: string;
  readonly email: boolean;
  readonly function?: string;
  readonly concurrency: number;
  /** True if the option is given without an ARN. */
  readonly engine?: string | true;
}

/** `backfill`: archives the days of a range with the deployed function. */
export function backfillCommand(): Command {
  return new Command('backfill')
    .description('archive the days of a range with the deployed function, oldest first')
    .requiredOption('--from <YYYY-MM-DD>', 'the first day', calendarDay)
    .requiredOption('--to <YYYY-MM-DD>', 'the last day; it must be over', calendarDay)
    .option('--email', 'also mail each day: one mail per day', false)
    .option(...FUNCTION_OPTION)
    .option('--concurrency <number>', 'how many days to run at once', concurrency, 2)
    .option('--engine [arn]', 'let the state machine of the stack do it (default: REPORT_ENGINE)')
    .addHelpText(
      'after',
      `
Sends {"day":"…","email":false} to the function for each day. This machine only sends the requests and waits.
${FUNCTION_HELP}

Days that are already archived return at once and are not read again, so you can stop the command at any time (Ctrl+C:
no further day is started; it waits for those that are running) and run it again. A day that fails does not hold up
the others; after five failures in a row no further day is started.

Without --email the days are recorded as not to be mailed; only the morning's own run still mails yesterday.

With --engine the stack's state machine does the work (output BackfillEngineArn) and keeps running when this machine is
switched off. It sends no mail, and gives up when more than a tenth of the days have failed. The credentials need
states:StartExecution, states:DescribeExecution, states:ListMapRuns and states:DescribeMapRun.

Examples:

  npm run report -- backfill --from 2026-01-01 --to 2026-11-22 --function <ReportFunctionName>
  npm run report -- backfill --from 2021-01-01 --to 2025-12-31 --engine arn:aws:states:… --concurrency 5
  REPORT_FUNCTION=… npm run report -- backfill --from 2026-11-20 --to 2026-11-22 --email

Exit status: 0 every day is done; 1 a day failed, or nothing could be started; 130 stopped before all days were done.`,
    )
    .action(async (options: Options) => {
      process.exitCode = await run(options, process.env);
    });
}

async function run(
  { from, to, email, function: option, concurrency: atOnce, engine }: Options,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const days = daysOf({ from, to });
  requireOver(to, timeZoneOf(environment), Date.now());
  if (engine !== undefined) {
    if (email) throw new InvalidArgumentsError('The engine sends no mail: leave out --email or --engine.');
    if (option !== undefined) throw new InvalidArgumentsError('Give --function or --engine, not both.');
    return backfillOnEngine(days, { arn: engineArn(engine, environment), concurrency: atOnce });
  }
  const name = functionName(option, environment);

  const stop = new Stop();
  const endListening = stopOnSignals(stop, 'no further day is started; waiting for those that are running.');
  const progress = dayProgress('Backfilling', days.length);
  const outcomes = await backfill(days, {
    reportFunction: reportFunction(name),
    email,
    concurrency: atOnce,
    stop,
    onDayDone: () => {
      progress.dayDone();
    },
  });
  progress.stop();
  endListening();

  const summary = summarize(outcomes);
  const flags = `${email ? ' --email' : ''} --function ${name} --concurrency ${atOnce}`;
  const goOn = (day: string): string => `npm run report -- backfill --from ${day} --to ${to}${flags}`;
  say(summaryText(summary, stop.reason, goOn));
  if (summary.failed.length > 0) return 1;
  return summary.notBegun > 0 ? 130 : 0;
}
