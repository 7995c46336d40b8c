import { Command } from 'commander';
import { backfillCommand } from '../operator/backfill-command.ts';
import { DAY_HELP, dayCommand } from '../operator/day-command.ts';
import { previewCommand } from '../operator/preview-command.ts';
import { resendCommand } from '../operator/resend-command.ts';
import { restateCommand } from '../operator/restate-command.ts';
import { verifyCommand } from '../operator/verify-command.ts';

const program = new Command('report')
  .description(
    'What did SignalWire video cost on a day? Reads the charges, sums them by room, and shows you.',
  )
  .usage('--day <YYYY-MM-DD> --out <folder>\n       report <command> [options]')
  .addCommand(dayCommand(), { isDefault: true })
  .addCommand(backfillCommand())
  .addCommand(restateCommand())
  .addCommand(resendCommand())
  .addCommand(verifyCommand())
  .addCommand(previewCommand())
  .addHelpText(
    'after',
    `
The other commands, briefly (each has its own --help):

  npm run report -- backfill --from 2026-01-01 --to 2026-11-22 --function NAME
  npm run report -- restate --day 2026-11-20 --function NAME
  npm run report -- resend --day 2026-11-20 --reason "never arrived" --function NAME
  npm run report -- verify --from 2026-11-01 --to 2026-11-22 --bucket NAME
  npm run report -- preview --day 2026-11-22 --bucket NAME

Without a command: --day <YYYY-MM-DD> is the billing day, and --out <folder> is where the archive and the mail go;
nothing leaves this machine.
${DAY_HELP}`,
  )
  .hook('preSubcommand', ({ args: [first = '-'], commands }) => {
    // Otherwise a misspelt command would run the default one, which would complain that --day is missing.
    if (first.startsWith('-') || commands.some((command) => command.name() === first)) return;
    program.error(`error: unknown command '${first}'. npm run report -- --help lists them all.`);
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
  process.exitCode = 1;
}
