import { expect, test } from '@jest/globals';
import { API_TOKEN, PROJECT_ID, SECRET_ID } from '../../local/cloud.ts';
import type { SecretsManagerServer } from '../../local/secrets-manager-server.ts';
import { sessionLog } from '../support/logs.ts';
import { openMorning } from '../support/morning.ts';
import { replyJson } from './support/faults.ts';
import { failuresOf, NO_TRACES, reportOf, traces } from './support/observations.ts';

const WHOLE = JSON.stringify({ project_id: PROJECT_ID, api_token: API_TOKEN });

/** Stores a value as the secret. */
const holding =
  (value: string | Buffer) =>
  (secrets: SecretsManagerServer): void => {
    secrets.set(SECRET_ID, value);
  };

/** Removes the secret. */
const missing = (secrets: SecretsManagerServer): void => {
  secrets.delete(SECRET_ID);
};

/** Makes the secret's service refuse. */
const refusing =
  (status: number, type: string) =>
  (secrets: SecretsManagerServer): void => {
    const body = { __type: type, message: 'Staged' };
    secrets.intercept = replyJson(status, body, { 'content-type': 'application/x-amz-json-1.1' });
  };

test('a secret that can’t be used is a SecretError: nothing is read, stored or mailed', async () => {
  const secrets: (readonly [string, (server: SecretsManagerServer) => void])[] = [
    ['may not be read', refusing(400, 'AccessDeniedException')],
    ['can not be decrypted', refusing(400, 'DecryptionFailure')],
    ['can not be reached', refusing(503, 'ServiceUnavailable')],
    ['is binary', holding(Buffer.from(WHOLE))],
    ['is empty', holding('')],
    ['is the bare token', holding(API_TOKEN)],
    ['is cut short', holding(WHOLE.slice(0, -1))],
    ['is null', holding('null')],
    ['is a list', holding(JSON.stringify([PROJECT_ID, API_TOKEN]))],
    ['lacks the project', holding(JSON.stringify({ api_token: API_TOKEN }))],
    ['lacks the token', holding(JSON.stringify({ project_id: PROJECT_ID }))],
    ['names them otherwise', holding(JSON.stringify({ projectId: PROJECT_ID, apiToken: API_TOKEN }))],
    ['holds an empty project', holding(JSON.stringify({ project_id: '', api_token: API_TOKEN }))],
    ['holds an empty token', holding(JSON.stringify({ project_id: PROJECT_ID, api_token: '' }))],
    ['holds numbers', holding(JSON.stringify({ project_id: 1, api_token: 2 }))],
    ['is missing', missing],
  ];
  const morning = await openMorning({ logs: [sessionLog(1)] });

  const failures = await failuresOf(morning, secrets, (arrange) => {
    morning.cloud.secretsManager.intercept = null;
    arrange(morning.cloud.secretsManager);
  });
  const message: unknown = expect.stringMatching(
    `${SECRET_ID}.*aws secretsmanager put-secret-value .*--secret-string file:///dev/stdin,`,
  );
  expect(failures).toMatchObject(
    secrets.map(([what]) => ({ what, name: 'SecretError', message, requests: 0 })),
  );
  expect(failures.filter((failure) => failure.message.includes(PROJECT_ID))).toEqual([]);
  expect(traces(morning)).toEqual(NO_TRACES);
});

test('the secret may be given by its ARN', async () => {
  const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:signalwire/video-cost-report-Lo0pbK';
  const morning = await openMorning({ logs: [sessionLog(1)], environment: { SIGNALWIRE_SECRET_ID: arn } });

  expect(await reportOf(morning)).toMatchObject({ status: 'delivered' });
});

test('a container uses a rotated token from its next run on', async () => {
  const morning = await openMorning({ logs: [sessionLog(1)] });
  await morning.run({ day: '2026-11-21' });
  morning.cloud.signalWire.apiToken = 'PT-rotated';
  const secret = JSON.stringify({ project_id: PROJECT_ID, api_token: 'PT-rotated' });
  morning.cloud.secretsManager.set(SECRET_ID, secret);

  expect(await reportOf(morning)).toMatchObject({ status: 'delivered' });
});
