import { SendRawEmailCommand, SESClient } from '@aws-sdk/client-ses';
import { requestHandler } from '../aws-requests.ts';
import { type Deadline, timeLimit } from '../deadline.ts';
import { EmailOutcomeUnknownError, EmailRejectedError } from '../errors.ts';
import type { Mailer } from './delivery.ts';

// If a kept connection turns out to be dead, nobody knows whether the mail was sent; and one mail a day needs none.
const FRESH = { keepAlive: false, maxSockets: Infinity };

/** A client that never retries: to SES, a repeated request is a second mail. */
export function sesClient(): SESClient {
  return new SESClient({
    requestHandler: { ...requestHandler, httpAgent: FRESH, httpsAgent: FRESH },
    maxAttempts: 1,
  });
}

/** @param client as `sesClient` makes it */
export function sesMailer(client: SESClient, configurationSet: string | null, deadline: Deadline): Mailer {
  return {
    async send({ from, to, raw }) {
      const messageId = await client
        .send(
          new SendRawEmailCommand({
            Source: from,
            Destinations: [...to],
            RawMessage: { Data: raw },
            ...(configurationSet !== null && { ConfigurationSetName: configurationSet }),
          }),
          { abortSignal: timeLimit(deadline) },
        )
        .then(
          ({ MessageId }) => MessageId,
          (error: unknown) => {
            throw explained(error);
          },
        );
      if (!messageId) throw unknown('it answered without a message id');
      return messageId;
    },
  };
}

/** Errors before any byte of the mail was sent. EHOSTUNREACH is not one: it may also end a connection in use. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'CredentialsProviderError']);

const REMEDIES: Readonly<Record<string, string>> = {
  MessageRejected:
    'Verify the sender in SES; while the account is in the SES sandbox, verify every recipient, too',
  MailFromDomainNotVerifiedException: 'Verify the sender’s MAIL FROM domain in SES',
  ConfigurationSetDoesNotExist: 'Create the configuration set, or correct SES_CONFIGURATION_SET',
  ConfigurationSetSendingPausedException: 'Sending is paused for the configuration set: resume it in SES',
  AccountSendingPausedException: 'Sending is paused for the account: ask AWS Support why',
  Throttling: 'The sending rate or the daily quota is used up: ask for a higher one, or wait',
  AccessDenied: "Allow ses:SendRawEmail in the function's role, for this sender and these recipients",
};

function explained(error: unknown): EmailRejectedError | EmailOutcomeUnknownError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const code = (error as NodeJS.ErrnoException).code ?? name;
  const status = httpStatus(error);
  const refused = status !== undefined && status >= 400 && status < 500;
  if (!refused && !NEVER_SENT.has(code)) return unknown(`${code}: ${message}`);
  const remedy = REMEDIES[name.replace(/Exception$/, '')] ?? REMEDIES[name] ?? 'Fix what the message names';
  return new EmailRejectedError(`SES did not accept the mail (${code}: ${message}). ${remedy}.`);
}

function unknown(what: string): EmailOutcomeUnknownError {
  return new EmailOutcomeUnknownError(`It is unknown whether SES accepted the mail (${what}).`);
}

function httpStatus(error: unknown): number | undefined {
  const { $metadata, $response } = error as {
    $metadata?: { httpStatusCode?: number };
    $response?: { statusCode?: number };
  };
  return $metadata?.httpStatusCode ?? $response?.statusCode;
}
