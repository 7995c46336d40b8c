import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readEnvironment } from '../../lambda/environment.ts';
import {
  API_TOKEN,
  BUCKET,
  type Cloud,
  IDENTITY,
  PROJECT_ID,
  SECRET_ID,
  startCloud,
} from '../../local/cloud.ts';
import { sampleDay } from '../../local/sample-day.ts';

let cloud: Cloud;

beforeEach(async () => {
  cloud = await startCloud({
    logs: sampleDay('2026-11-22'),
    links: 'relative',
    clock: '2026-11-23T06:00:00Z',
  });
});
afterEach(() => cloud.close());

test('the function accepts the environment, which points it to the servers', () => {
  const environment = cloud.environment();
  expect(readEnvironment(environment)).toMatchObject({
    spaceUrl: cloud.signalWire.url,
    secretId: SECRET_ID,
    archiveBucket: BUCKET,
  });
  expect(environment).toMatchObject({
    AWS_ENDPOINT_URL_S3: cloud.s3.url,
    AWS_ENDPOINT_URL_SES: cloud.ses.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: cloud.secretsManager.url,
  });
});

test('variables can be changed, added and removed', () => {
  const environment = cloud.environment({ EMAIL_TO: 'a@example.com', LOOKBACK_DAYS: '3', EMAIL_FROM: null });
  expect(environment).toMatchObject({ EMAIL_TO: 'a@example.com', LOOKBACK_DAYS: '3' });
  expect(environment).not.toHaveProperty('EMAIL_FROM');
});

test('the secret holds valid credentials for the space', async () => {
  const client = new SecretsManagerClient({ ...IDENTITY, endpoint: cloud.secretsManager.url });
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: SECRET_ID }));
  client.destroy();
  expect(JSON.parse(SecretString)).toEqual({ project_id: PROJECT_ID, api_token: API_TOKEN });
  const response = await fetch(`${cloud.signalWire.url}/api/video/logs?created_on=2026-11-22&page_size=1`, {
    headers: { authorization: `Basic ${Buffer.from(`${PROJECT_ID}:${API_TOKEN}`).toString('base64')}` },
  });
  expect(await response.json()).toMatchObject({
    links: { next: expect.stringMatching(/^\/api\/video\/logs\?/) },
  });
});

test('all clocks are set together', () => {
  const servers = [cloud.signalWire, cloud.s3, cloud.ses, cloud.secretsManager];
  expect(servers.map(({ now }) => now().toISOString().slice(0, 13))).toEqual(
    servers.map(() => '2026-11-23T06'),
  );
  cloud.setClock('2026-12-24T12:00:00Z');
  expect(servers.map(({ now }) => now().toISOString().slice(0, 13))).toEqual(
    servers.map(() => '2026-12-24T12'),
  );
  expect(() => {
    cloud.setClock('Christmas');
  }).toThrow(RangeError);
});
