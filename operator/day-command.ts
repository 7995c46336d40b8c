import { Command } from 'commander';
import { reportIntoFolder } from './folder/report-into-folder.ts';
import { calendarDay } from './options.ts';

/** What the default command does and needs: shown in its own help and in that of the tool. */
export const DAY_HELP = `
Runs the same job as the deployed function, with a folder in place of S3 and SES.
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
A day that is already in the folder is not read again: choose another folder to read it afresh.

Exit status: 0 the day is archived and its mail written; 1 failed (the message says why and what to do).`;

/** `day`, the default command: reports one day into a folder. */
export function dayCommand(): Command {
  return new Command('day')
    .description('report one day into a folder; this runs if no command is named')
    .requiredOption('--day <YYYY-MM-DD>', 'the billing day; it must be over', calendarDay)
    .requiredOption('--out <folder>', 'where the archive and the mail go; nothing leaves this machine')
    .addHelpText('after', DAY_HELP)
    .action(async ({ day, out }: { day: string; out: string }) => {
      if (!(await reportIntoFolder(day, out, process.env))) process.exitCode = 1;
    });
}
