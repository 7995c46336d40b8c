import {
  GetSecretValueCommand,
  type SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { type Deadline, timeLimit } from '../deadline.ts';
import { SecretError } from '../errors.ts';
import { parseJsonOrNull } from '../json.ts';
import { putSecretCommand } from '../put-secret-command.ts';

/** What SignalWire's HTTP Basic authentication needs. */
export interface Credentials {
  readonly projectId: string;
  readonly apiToken: string;
}

/** Reads the credentials as they are at the time of the call, so that a rotated secret takes effect at once. */
export type ReadCredentials = () => Promise<Credentials>;

const secretShape = z.object({ project_id: z.string().trim().min(1), api_token: z.string().trim().min(1) });

/**
 * Reads credentials from Secrets Manager.
 *
 * @param secretId name or ARN
 * @returns a reader that throws SecretError if the secret is missing, unreadable or malformed
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
      // Don't show what is wrong with it: a parser's message quotes what it read.
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
    // A parser's message would quote what it read, so other errors are only named.
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

function howToStore(secretId: string): string {
  return `To store it, run ${putSecretCommand(secretId)}, type {"project_id":"…","api_token":"…"}, then Enter and Ctrl+D.`;
}
