import { Command, InvalidArgumentError } from 'commander';
import { reportIntoFolder } from '../local/report-into-folder.ts';
import { isCalendarDay } from '../lambda/billing-day.ts';

const program = new Command('report')
  .description('What did SignalWire video cost on a day? Reads it, sums it by room, and shows you.')
  .requiredOption('--day <YYYY-MM-DD>', 'the billing day; it must be over', calendarDay)
  .requiredOption('--out <folder>', 'where the archive and the mail go; nothing leaves this machine')
  .addHelpText(
    'after',
    `
Runs the same job as the deployed function, with a folder in place of S3 and of SES.
Your SignalWire credentials come from the environment:

  SIGNALWIRE_SPACE_URL    https://<space>.signalwire.com
  SIGNALWIRE_PROJECT_ID   the project's id
  SIGNALWIRE_API_TOKEN    a token with the Video scope
  BILLING_TIME_ZONE       optional, an IANA zone such as Europe/Berlin (default UTC)
  BILLING_CURRENCY        optional, ISO 4217 (default USD)

Example, with the token kept out of the shell's history:

  export SIGNALWIRE_SPACE_URL=https://example.signalwire.com SIGNALWIRE_PROJECT_ID=…
  read -rs SIGNALWIRE_API_TOKEN && export SIGNALWIRE_API_TOKEN
  npm run report -- --day 2026-11-22 --out first-look

Then open first-look/room-charges/day=2026-11-22/room-charges.csv and first-look/mail.html.
A day that is in the folder already is not read again: choose another folder to read it anew.

Exit status: 0 done, 1 failed (the message names the reason and the remedy).`,
  )
  .action(async ({ day, out }: { day: string; out: string }) => {
    await reportIntoFolder(day, out, process.env);
  });

function calendarDay(text: string): string {
  if (!isCalendarDay(text)) throw new InvalidArgumentError('Write it as YYYY-MM-DD.');
  return text;
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
  process.exitCode = 1;
}
