import {
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  type GetSecretValueCommandOutput,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { IDENTITY } from '../../local/cloud.ts';
import { type SecretsManagerServer, startSecretsManagerServer } from '../../local/secrets-manager-server.ts';
import { refusal } from './refusal.ts';

let server: SecretsManagerServer;
let client: SecretsManagerClient;

beforeEach(async () => {
  server = await startSecretsManagerServer(IDENTITY);
  client = new SecretsManagerClient({ ...IDENTITY, endpoint: server.url, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

function get(
  id: string,
  more: Partial<GetSecretValueCommandInput> = {},
): Promise<GetSecretValueCommandOutput> {
  return client.send(new GetSecretValueCommand({ SecretId: id, ...more }));
}

describe('a secret', () => {
  test('is found by its name, its ARN and its ARN without the suffix', async () => {
    const arn = server.set('space/token', '{"api_token":"one"}');
    expect(arn).toBe('arn:aws:secretsmanager:eu-central-1:123456789012:secret:space/token-Lo0pbK');
    for (const id of ['space/token', arn, arn.replace(/-Lo0pbK$/, '')]) {
      expect(await get(id)).toMatchObject({
        ARN: arn,
        Name: 'space/token',
        SecretString: '{"api_token":"one"}',
      });
    }
  });

  test('changes when it is rotated', async () => {
    const before = server.set('token', 'one');
    const { VersionId } = await get('token');
    expect(server.set('token', 'two')).toBe(before);
    const rotated = await get('token');
    expect(rotated.SecretString).toBe('two');
    expect(rotated.VersionId).not.toBe(VersionId);
  });

  test('may be bytes', async () => {
    server.set('token', Buffer.from([1, 2, 255]));
    const { SecretString, SecretBinary } = await get('token');
    expect(SecretString).toBeUndefined();
    expect([...(SecretBinary ?? [])]).toEqual([1, 2, 255]);
  });

  test('is not found if it does not exist, or no longer does', async () => {
    const notFound = { name: 'ResourceNotFoundException', status: 400 };
    expect(await refusal(get('token'))).toEqual(notFound);
    server.set('token', 'one');
    server.delete('token');
    expect(await refusal(get('token'))).toEqual(notFound);
  });
});

describe('a refusal', () => {
  test('is the answer to a wrong signature and an unsigned request', async () => {
    const stranger = new SecretsManagerClient({
      endpoint: server.url,
      region: IDENTITY.region,
      credentials: { ...IDENTITY.credentials, secretAccessKey: 'another' },
      maxAttempts: 1,
    });
    server.set('token', 'one');
    expect(await refusal(stranger.send(new GetSecretValueCommand({ SecretId: 'token' })))).toEqual({
      name: 'InvalidSignatureException',
      status: 403,
    });
    stranger.destroy();
    expect((await fetch(server.url, { method: 'POST' })).status).toBe(403);
  });

  test('is the answer to what is not implemented', async () => {
    const notImplemented = { name: 'NotImplementedException', status: 501 };
    server.set('token', 'one');
    expect(await refusal(client.send(new ListSecretsCommand()))).toEqual(notImplemented);
    expect(await refusal(get('token', { VersionStage: 'AWSPREVIOUS' }))).toEqual(notImplemented);
  });
});
