import { Command } from 'commander';
import { parseArchived } from '../lambda/money/money.ts';
import { requireOver } from './day-range.ts';
import { FUNCTION_HELP, FUNCTION_OPTION, functionName } from './function-name.ts';
import type { FunctionAnswer } from './function/answer.ts';
import { reportFunction } from './function/report-function.ts';
import { calendarDay, timeZoneOf } from './options.ts';
import { formatSigned } from './sums.ts';
import { tableText } from './table.ts';
import { say } from './terminal.ts';

interface Options {
  readonly day: string;
  readonly function?: string;
}

/** `restate`: has the deployed function read an archived day again. */
export function restateCommand(): Command {
  return new Command('restate')
    .description('read an archived day again with the deployed function, for late or corrected charges')
    .requiredOption('--day <YYYY-MM-DD>', 'the day; it must be over', calendarDay)
    .option(...FUNCTION_OPTION)
    .addHelpText(
      'after',
      `
Sends {"day":"…","restate":true} to the function. If SignalWire's charges differ from the archived ones, the day gets
a new revision; earlier revisions stay in the bucket. A charge that SignalWire no longer lists is kept.
A day that is not archived yet is archived. No mail is sent.
${FUNCTION_HELP}

Example:

  npm run report -- restate --day 2026-11-20 --function <ReportFunctionName>

Exit status: 0 done, whether or not anything changed; 1 failed.`,
    )
    .action(async ({ day, function: option }: Options) => {
      requireOver(day, timeZoneOf(process.env), Date.now());
      const name = functionName(option, process.env);
      say(resultText(day, await reportFunction(name).invoke({ day, restate: true })));
    });
}

function resultText(day: string, { reports, restated }: FunctionAnswer): string {
  const [report] = reports;
  const { currency, revision: current, charge } = report;
  if (restated.length === 0) {
    return `Nothing was restated: no archived figure changed. ${day} is at revision ${current}, ${charge} ${currency}.`;
  }
  const rows = restated.map(({ day: restatedDay, revision, before, after }) => {
    const difference = formatSigned(parseArchived(after).minus(parseArchived(before)));
    return [restatedDay, revision, ...[before, after, difference].map((amount) => `${amount} ${currency}`)];
  });
  return tableText(['Day', '>Revision', '>Before', '>After', '>Difference'], rows);
}
