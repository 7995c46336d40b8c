import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESClient } from '@aws-sdk/client-ses';
import type { Context } from 'aws-lambda';
import { S3Store } from './archive/s3-store.ts';
import { type Answer, runTask } from './daily-report.ts';
import { sesMailer } from './email/ses.ts';
import { readEnvironment } from './environment.ts';
import { readEvent } from './event.ts';
import { type ApiUsage, signalWireClient } from './signalwire/client.ts';
import { credentialsFromSecretsManager } from './signalwire/credentials.ts';
import { logger, publishMetrics } from './telemetry.ts';

// Made once a container, not once a run. `throwOnRequestTimeout`: without it a time-out is only a warning.
const requestHandler = {
  connectionTimeout: 3000,
  requestTimeout: 8000,
  socketTimeout: 8000,
  throwOnRequestTimeout: true,
};
const s3 = new S3Client({
  requestHandler,
  // Another endpoint than Amazon's seldom answers to a host name for each bucket.
  forcePathStyle: process.env['AWS_ENDPOINT_URL_S3'] !== undefined,
});
const secrets = new SecretsManagerClient({ requestHandler });
// One try: SES can't tell a repeated request from a second mail.
const ses = new SESClient({ requestHandler, maxAttempts: 1 });

/**
 * Makes the report that the event asks for.
 *
 * @throws whatever went wrong, under one of the names in errors.ts, so that the invocation counts as failed
 */
export async function handler(event: unknown, context: Context): Promise<Answer> {
  const usage: ApiUsage = { requests: 0, retries: 0 };
  let answer: Answer | null = null;
  try {
    const settings = readEnvironment(process.env);
    const task = readEvent(event, settings.timeZone, Date.now());
    const deadline = { remainingMs: () => context.getRemainingTimeInMillis() };
    const readCredentials = credentialsFromSecretsManager(secrets, settings.secretId);
    answer = await runTask(task, {
      settings,
      getPage: signalWireClient(readCredentials, deadline, usage),
      store: new S3Store(s3, settings.archiveBucket),
      mailer: sesMailer(ses, settings.sesConfigurationSet),
      deadline,
      now: () => Date.now(),
      requestId: context.awsRequestId,
    });
    logger.info('The run is done', { ...answer });
    return answer;
  } catch (error) {
    logger.error('The run failed', error as Error);
    throw error;
  } finally {
    publishMetrics(usage, answer);
  }
}
