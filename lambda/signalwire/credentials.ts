import {
  GetSecretValueCommand,
  type SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { type Deadline, timeLimit } from '../deadline.ts';
import { SecretError } from '../errors.ts';
import { parseJsonOrNull } from '../json.ts';

/** What SignalWire's HTTP Basic authentication takes. */
export interface Credentials {
  readonly projectId: string;
  readonly apiToken: string;
}

/** Reads the credentials as they are at the moment of the call: a rotated secret counts at once. */
export type ReadCredentials = () => Promise<Credentials>;

const secretShape = z.object({ project_id: z.string().trim().min(1), api_token: z.string().trim().min(1) });

/**
 * Credentials from Secrets Manager.
 *
 * @param secretId name or ARN
 * @throws SecretError from the reader, where the secret is missing, unreadable or malformed
 */
export function credentialsFromSecretsManager(
  client: SecretsManagerClient,
  secretId: string,
  deadline: Deadline,
): ReadCredentials {
  return async () => {
    const text = await readSecret(client, secretId, timeLimit(deadline));
    const credentials = secretShape.safeParse(parseJsonOrNull(text ?? ''));
    if (!credentials.success) {
      // What is wrong with it is not shown: the message of a parser quotes what it read.
      throw new SecretError(`The secret ${secretId} is not the expected JSON. ${howToStore(secretId)}`);
    }
    return { projectId: credentials.data.project_id, apiToken: credentials.data.api_token };
  };
}

async function readSecret(
  client: SecretsManagerClient,
  secretId: string,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }), {
      abortSignal,
    });
    return SecretString;
  } catch (error) {
    // The message of a parser would quote what it read: the name must do.
    const reason =
      error instanceof SecretsManagerServiceException ? `${error.name}: ${error.message}` : codeOf(error);
    throw new SecretError(
      `The secret ${secretId} can't be read (${reason}). Check SIGNALWIRE_SECRET_ID and the function's role. ` +
        howToStore(secretId),
    );
  }
}

function codeOf(error: unknown): string {
  const { name, code } = error as NodeJS.ErrnoException;
  return code ?? name;
}

/** Typed into the command, not written behind it: no shell is to keep the token in its history. */
function howToStore(secretId: string): string {
  return (
    `To store it, run aws secretsmanager put-secret-value --secret-id ${secretId} --secret-string file:///dev/stdin, ` +
    'type {"project_id":"…","api_token":"…"}, then Enter and Ctrl+D.'
  );
}
