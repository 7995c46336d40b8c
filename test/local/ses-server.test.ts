import {
  SendEmailCommand,
  SendRawEmailCommand,
  type SendRawEmailCommandInput,
  SESClient,
} from '@aws-sdk/client-ses';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CONFIGURATION_SET, IDENTITY } from '../../local/cloud.ts';
import { type SesServer, startSesServer } from '../../local/ses-server.ts';
import { refusal } from './refusal.ts';

const MESSAGE = 'From: costs@example.com\r\nSubject: Costs\r\n\r\nHello\r\n';

let server: SesServer;
let client: SESClient;

beforeEach(async () => {
  server = await startSesServer({ ...IDENTITY, configurationSets: [CONFIGURATION_SET] });
  client = new SESClient({ ...IDENTITY, endpoint: server.url, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

function mail(
  message: string | Buffer = MESSAGE,
  more: Partial<SendRawEmailCommandInput> = {},
): Promise<{ MessageId: string | undefined }> {
  return client.send(
    new SendRawEmailCommand({
      Source: 'Costs <costs@example.com>',
      Destinations: ['first@example.com', 'second@example.com'],
      RawMessage: { Data: Buffer.from(message) },
      ...more,
    }),
  );
}

describe('a mail', () => {
  test('is put into the outbox as it was sent', async () => {
    server.now = () => new Date('2026-11-23T06:00:00Z');
    const { MessageId } = await mail();
    expect(MessageId).toMatch(/^[0-9a-f]{16}-[0-9a-f-]{36}-000000$/);
    expect(server.outbox).toEqual([
      {
        messageId: MessageId,
        source: 'Costs <costs@example.com>',
        destinations: ['first@example.com', 'second@example.com'],
        raw: Buffer.from(MESSAGE),
        at: new Date('2026-11-23T06:00:00Z'),
      },
    ]);
  });

  test('may name a configuration set that exists', async () => {
    await mail(MESSAGE, { ConfigurationSetName: CONFIGURATION_SET });
    expect(server.outbox).toHaveLength(1);
    expect(await refusal(mail(MESSAGE, { ConfigurationSetName: 'another' }))).toEqual({
      name: 'ConfigurationSetDoesNotExistException',
      status: 400,
    });
    expect(server.outbox).toHaveLength(1);
  });

  test('may have ten megabytes and fifty recipients', async () => {
    const head = Buffer.from(MESSAGE);
    // `>` makes a `+` of base64, as in any real mail: a body without one is too long for the SDK's own regular expression.
    const lines = Buffer.alloc(10 * 1024 * 1024 - head.length, `>>>${'x'.repeat(59)}\r\n`);
    const recipients = Array.from({ length: 50 }, (_, index) => `recipient-${index}@example.com`);
    await mail(Buffer.concat([head, lines]), { Destinations: recipients });
    expect(server.outbox[0]?.raw).toHaveLength(10 * 1024 * 1024);
    expect(server.outbox[0]?.destinations).toEqual(recipients);
    expect(await refusal(mail(Buffer.concat([head, lines, Buffer.from('x')])))).toEqual({
      name: 'InvalidParameterValue',
      status: 400,
    });
    expect(await refusal(mail(MESSAGE, { Destinations: [...recipients, 'one@example.com'] }))).toEqual({
      name: 'MessageRejected',
      status: 400,
    });
    expect(server.outbox).toHaveLength(1);
  });
});

describe('a refusal', () => {
  test('can be configured, and reaches the client until it is reset', async () => {
    server.refuseWith = { code: 'MessageRejected', message: 'Email address is not verified.' };
    await expect(mail()).rejects.toMatchObject({
      name: 'MessageRejected',
      message: 'Email address is not verified.',
      $metadata: { httpStatusCode: 400 },
    });
    server.refuseWith = { code: 'Throttling', message: 'Maximum sending rate exceeded.', status: 454 };
    expect(await refusal(mail())).toEqual({ name: 'Throttling', status: 454 });
    server.refuseWith = null;
    await mail();
    expect(server.outbox).toHaveLength(1);
  });

  test.each([
    ['a repeated header', 'From: a@b.c\r\nSubject: one\r\nsubject: two\r\n\r\n'],
    ['no sender', 'Subject: one\r\n\r\n'],
    ['no end of the headers', 'From: a@b.c\r\nSubject: one\r\n'],
    ['a header without a name', 'From: a@b.c\r\nSubject\r\n\r\n'],
    ['bytes beyond ASCII in a header', 'From: a@b.c\r\nSubject: ü\r\n\r\n'],
    ['a line too long', `From: a@b.c\r\n\r\n${'x'.repeat(999)}\r\n`],
  ])('is the answer to a message with %s', async (_what, message) => {
    expect(await refusal(mail(message))).toEqual({ name: 'InvalidParameterValue', status: 400 });
    expect(server.outbox).toEqual([]);
  });

  test('is not the answer to a folded header', async () => {
    await mail('From: a@b.c\r\nSubject: one\r\n subject: two\r\n\r\n');
    expect(server.outbox).toHaveLength(1);
  });

  test.each([['no address'], ['a@b.c\r\nBcc: d@e.f'], ['ü@example.com'], ['a@b.c, d@e.f'], ['']])(
    'is the answer to the recipient %j',
    async (recipient) => {
      expect(await refusal(mail(MESSAGE, { Destinations: [recipient] }))).toEqual({
        name: 'InvalidParameterValue',
        status: 400,
      });
      expect(await refusal(mail(MESSAGE, { Source: recipient }))).toEqual({
        name: 'InvalidParameterValue',
        status: 400,
      });
    },
  );

  test('is the answer to a wrong signature and an unsigned request', async () => {
    const stranger = new SESClient({
      endpoint: server.url,
      region: IDENTITY.region,
      credentials: { ...IDENTITY.credentials, secretAccessKey: 'another' },
      maxAttempts: 1,
    });
    const send = new SendRawEmailCommand({ RawMessage: { Data: Buffer.from(MESSAGE) } });
    expect(await refusal(stranger.send(send))).toEqual({ name: 'SignatureDoesNotMatch', status: 403 });
    stranger.destroy();
    const unsigned = await fetch(server.url, {
      method: 'POST',
      body: new URLSearchParams({ Action: 'SendRawEmail' }),
    });
    expect(unsigned.status).toBe(403);
  });
});

describe('whatever is not implemented', () => {
  test('is refused: other actions', async () => {
    const send = client.send(
      new SendEmailCommand({
        Source: 'a@b.c',
        Destination: { ToAddresses: ['d@e.f'] },
        Message: { Subject: { Data: 'Costs' }, Body: { Text: { Data: 'Hello' } } },
      }),
    );
    expect(await refusal(send)).toEqual({ name: 'InvalidAction', status: 400 });
  });

  test('is refused: further parameters, and an envelope taken from the headers', async () => {
    const notImplemented = { name: 'NotImplemented', status: 501 };
    expect(await refusal(mail(MESSAGE, { Tags: [{ Name: 'a', Value: 'b' }] }))).toEqual(notImplemented);
    expect(await refusal(mail(MESSAGE, { Destinations: undefined }))).toEqual(notImplemented);
    expect(await refusal(mail(MESSAGE, { Source: undefined }))).toEqual(notImplemented);
    expect(server.outbox).toEqual([]);
  });
});
