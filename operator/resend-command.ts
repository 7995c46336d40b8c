import { Command } from 'commander';
import { FUNCTION_HELP, FUNCTION_OPTION, functionName } from './function-name.ts';
import { reportFunction } from './function/report-function.ts';
import { calendarDay } from './options.ts';
import { say } from './terminal.ts';

interface Options {
  readonly day: string;
  readonly reason: string;
  readonly function?: string;
}

/** `resend`: has the deployed function mail an archived day once more. */
export function resendCommand(): Command {
  return new Command('resend')
    .description('mail the report of an archived day once more, with the deployed function')
    .requiredOption('--day <YYYY-MM-DD>', 'the archived day', calendarDay)
    .requiredOption('--reason <text>', 'why; shown in the mail, one line of at most 500 characters')
    .option(...FUNCTION_OPTION)
    .addHelpText(
      'after',
      `
Sends {"day":"…","resend":"…"} to the function. It mails what the archive holds now to all recipients, without asking
SignalWire. Every call sends one more mail: if the answer was lost, check the inbox before you repeat it.
${FUNCTION_HELP}

Example:

  npm run report -- resend --day 2026-11-20 --reason "the first one never arrived" --function <ReportFunctionName>

Exit status: 0 the mail is out; 1 failed.`,
    )
    .action(async ({ day, reason, function: option }: Options) => {
      const name = functionName(option, process.env);
      const { reports } = await reportFunction(name).invoke({ day, resend: reason });
      for (const { charge, currency, revision } of reports) {
        say(`${day} was mailed once more: revision ${revision}, ${charge} ${currency}.`);
      }
    });
}
