import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { S3Store } from './archive/s3-store.ts';
import { requestHandler } from './aws-requests.ts';
import { type Answer, type JobMeans, runTask } from './daily-report.ts';
import { sesClient, sesMailer } from './email/ses.ts';
import { readEnvironment, type Settings } from './environment.ts';
import { readEvent } from './event.ts';
import { RunRecord } from './run-record.ts';
import { onDemand } from './signalwire/on-demand.ts';
import { timed } from './signalwire/timed.ts';
// Last, as it keeps what V8 has grown to by then.
import './small-heap.ts';

// Created once per container, not once per run.
const s3 = new S3Client({
  requestHandler,
  // With it, the SDK opens a separate connection for every request that waits for S3's 100-continue: one for each part.
  expectContinueHeader: false,
  // Endpoints other than Amazon's seldom have a host name for each bucket.
  forcePathStyle: process.env['AWS_ENDPOINT_URL_S3'] !== undefined,
});
const ses = sesClient();

/**
 * Makes the report that the event asks for.
 *
 * @throws an error with one of the names in errors.ts, so that the invocation counts as failed
 */
export async function handler(event: unknown, context: Context): Promise<Answer> {
  const record = new RunRecord(context.awsRequestId);
  try {
    const settings = readEnvironment(process.env);
    const task = readEvent(event, settings.timeZone, Date.now());
    record.begin(task);
    const answer = await runTask(task, meansOf(settings, context, record));
    record.done(answer);
    return answer;
  } catch (error) {
    record.failed(error);
    throw error;
  } finally {
    record.publish();
  }
}

function meansOf(settings: Settings, context: Context, record: RunRecord): JobMeans {
  const deadline = { remainingMs: () => context.getRemainingTimeInMillis() };
  const signalWire = onDemand(async () => {
    const { clientWithSecret } = await import('./signalwire/client-with-secret.ts');
    return clientWithSecret(settings.secretId, deadline, record.figures.usage);
  });
  return {
    settings,
    signalWire: timed(signalWire, (milliseconds) => {
      record.onPage(milliseconds);
    }),
    store: new S3Store(s3, settings.archiveBucket, deadline),
    mailer: sesMailer(ses, settings.sesConfigurationSet, deadline),
    deadline,
    now: () => Date.now(),
    requestId: context.awsRequestId,
    onNotice: (notice) => {
      record.onNotice(notice);
    },
    observer: record,
  };
}
