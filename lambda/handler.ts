import './small-heap.ts';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { S3Store } from './archive/s3-store.ts';
import { requestHandler } from './aws-requests.ts';
import { type Answer, runTask } from './daily-report.ts';
import { isDelivered } from './single-day.ts';
import { sesClient, sesMailer } from './email/ses.ts';
import { readEnvironment } from './environment.ts';
import { readEvent, type Task } from './event.ts';
import { FailedDaysError } from './failed-days.ts';
import type { ApiUsage } from './signalwire/client.ts';
import { onDemand } from './signalwire/on-demand.ts';
import { timed } from './signalwire/timed.ts';
import { logger, publishMetrics, type RunFigures } from './telemetry.ts';

// Made once a container, not once a run.
const s3 = new S3Client({
  requestHandler,
  // The SDK gives every request that waits for S3's consent to its body a connection of its own: one for each part.
  expectContinueHeader: false,
  // Another endpoint than Amazon's seldom answers to a host name for each bucket.
  forcePathStyle: process.env['AWS_ENDPOINT_URL_S3'] !== undefined,
});
const ses = sesClient();

/**
 * Makes the report that the event asks for.
 *
 * @throws whatever went wrong, under one of the names in errors.ts, so that the invocation counts as failed
 */
export async function handler(event: unknown, context: Context): Promise<Answer> {
  const usage: ApiUsage = { requests: 0, retries: 0 };
  const requestId = context.awsRequestId;
  let task: Task | null = null;
  const logFailedDay = (message: string, day: string, error: unknown): void => {
    logger.error(message, { requestId, task: task?.kind, day, error: error as Error });
  };
  const run: RunFigures = {
    usage,
    apiMilliseconds: 0,
    lookBackFailures: 0,
    restatements: 0,
    delivered: [],
    yesterdayDelivered: false,
  };
  try {
    const settings = readEnvironment(process.env);
    task = readEvent(event, settings.timeZone, Date.now());
    const deadline = { remainingMs: () => context.getRemainingTimeInMillis() };
    const signalWire = onDemand(async () => {
      const { clientWithSecret } = await import('./signalwire/client-with-secret.ts');
      return clientWithSecret(settings.secretId, deadline, usage);
    });
    const answer = await runTask(task, {
      settings,
      signalWire: timed(signalWire, (milliseconds) => {
        run.apiMilliseconds += milliseconds;
      }),
      store: new S3Store(s3, settings.archiveBucket, deadline),
      mailer: sesMailer(ses, settings.sesConfigurationSet, deadline),
      deadline,
      now: () => Date.now(),
      requestId,
      onNotice: (notice) => {
        logger.warn(notice, { requestId, task: task?.kind });
      },
      observer: {
        onRestated: () => {
          run.restatements += 1;
        },
        onFailure: (day, error) => {
          logFailedDay(`${day} could not be read again`, day, error);
          run.lookBackFailures += 1;
        },
        onStillMissed: ({ day, error }) => {
          logFailedDay(`${day} was missed and could not be reported now`, day, error);
        },
        onReported: (report) => {
          if (report.status === 'delivered') run.delivered.push(report);
          const isYesterday = task?.kind === 'scheduled' && report.day === task.billingDay.day;
          if (isYesterday && isDelivered(report)) run.yesterdayDelivered = true;
        },
      },
    });
    logger.info('The run is done', { requestId, task: task.kind, ...answer });
    return answer;
  } catch (error) {
    logger.error('The run failed', {
      requestId,
      task: task?.kind,
      // Where several days were to be reported, the message names those that failed.
      day: error instanceof FailedDaysError ? undefined : task?.billingDay.day,
      error: error as Error,
    });
    throw error;
  } finally {
    publishMetrics(run);
  }
}
