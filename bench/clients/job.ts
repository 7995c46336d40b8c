// The whole job: the deployed bundle in a fresh process, from the event to the answer. Its S3 and SES clients are
// created when it is loaded, but have no connection yet.
import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { measured } from './measured.ts';

/** The longest that Lambda allows. */
const TIME_LIMIT_MS = 15 * 60_000;

interface Bundle {
  readonly handler: (
    event: unknown,
    context: unknown,
  ) => Promise<{ readonly reports: readonly [{ readonly charge: string }] }>;
}

const [, , , bundle = ''] = process.argv;
const { handler } = (await import(pathToFileURL(bundle).href)) as Bundle;

await measured(async ({ date }) => {
  const started = performance.now();
  const { reports } = await handler(
    { day: date },
    {
      awsRequestId: randomUUID(),
      getRemainingTimeInMillis: () => TIME_LIMIT_MS - Math.floor(performance.now() - started),
    },
  );
  return { charge: reports[0].charge };
});
