import type { Environment } from '../lambda/environment.ts';
import type { AwsIdentity } from './aws-signature.ts';
import { clockFrom } from './clock.ts';
import { startS3Server, type S3Server } from './s3-server.ts';
import { startSecretsManagerServer, type SecretsManagerServer } from './secrets-manager-server.ts';
import { startSesServer, type SesServer } from './ses-server.ts';
import {
  startSignalWireServer,
  type LinkStyle,
  type SignalWireLog,
  type SignalWireServer,
} from './signalwire-server.ts';

/** The only account that the loopback servers know. Nothing in it is secret. */
export const IDENTITY = {
  region: 'eu-central-1',
  credentials: {
    accessKeyId: 'LOOPBACKACCESSKEY',
    secretAccessKey: 'loopback-secret-access-key',
    sessionToken: 'loopback-session-token',
  },
} as const satisfies AwsIdentity;

export const BUCKET = 'video-cost-archive';
export const SECRET_ID = 'signalwire/video-cost-report';
export const CONFIGURATION_SET = 'video-cost-report';
export const PROJECT_ID = '8b7d4f50-3c1e-4d0a-9f67-2f4a1f6d9c21';
export const API_TOKEN = 'PT-loopback-api-token';

export interface CloudOptions {
  readonly logs?: readonly SignalWireLog[];
  /** @default 'absolute' */
  readonly links?: LinkStyle;
  /** ISO 8601 instant at which the servers' clocks start. @default the real time */
  readonly clock?: string;
}

/** Everything that the function talks to, on this machine. */
export interface Cloud {
  readonly signalWire: SignalWireServer;
  readonly s3: S3Server;
  readonly ses: SesServer;
  readonly secretsManager: SecretsManagerServer;
  /**
   * The environment for the function's process.
   *
   * @param overrides additional variables or other values; null removes a variable
   */
  environment(overrides?: Readonly<Record<string, string | null>>): Record<string, string>;
  /**
   * Sets the clocks of all servers; they run on from there. Storage times come from these clocks, not the function's:
   * set both to the same instant if the code under test compares the two.
   *
   * @param start ISO 8601 instant
   * @throws RangeError if it is not an instant
   */
  setClock(start: string): void;
  /** Ends every connection at once. */
  close(): Promise<void>;
}

/** Starts SignalWire, S3, SES and Secrets Manager with one archive bucket and the space's credentials in a secret. */
export async function startCloud({
  logs = [],
  links = 'absolute',
  clock,
}: CloudOptions = {}): Promise<Cloud> {
  const [signalWire, s3, ses, secretsManager] = await Promise.all([
    startSignalWireServer({ projectId: PROJECT_ID, apiToken: API_TOKEN, logs, links }),
    startS3Server({ ...IDENTITY, buckets: [BUCKET] }),
    startSesServer({ ...IDENTITY, configurationSets: [CONFIGURATION_SET] }),
    startSecretsManagerServer(IDENTITY),
  ]);
  const servers = [signalWire, s3, ses, secretsManager];
  const setClock = (start: string): void => {
    const now = clockFrom(start);
    for (const server of servers) server.now = now;
  };
  if (clock !== undefined) setClock(clock);
  secretsManager.set(SECRET_ID, JSON.stringify({ project_id: PROJECT_ID, api_token: API_TOKEN }));

  const settings = {
    SIGNALWIRE_SPACE_URL: signalWire.url,
    SIGNALWIRE_SECRET_ID: SECRET_ID,
    ARCHIVE_BUCKET: BUCKET,
    EMAIL_FROM: 'Video costs <costs@example.com>',
    EMAIL_TO: 'finance@example.com',
  } satisfies Environment;
  const environment: Record<string, string | null> = {
    AWS_REGION: IDENTITY.region,
    AWS_DEFAULT_REGION: IDENTITY.region,
    AWS_ACCESS_KEY_ID: IDENTITY.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: IDENTITY.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: IDENTITY.credentials.sessionToken,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_SES: ses.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    ...settings,
  };
  return {
    signalWire,
    s3,
    ses,
    secretsManager,
    environment: (overrides = {}) =>
      Object.fromEntries(
        Object.entries({ ...environment, ...overrides }).filter(
          (entry): entry is [string, string] => entry[1] !== null,
        ),
      ),
    setClock,
    async close() {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}
