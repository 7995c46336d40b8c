import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { requestHandler } from '../aws-requests.ts';
import type { Deadline } from '../deadline.ts';
import { type ApiUsage, type SignalWireClient, signalWireClient } from './client.ts';
import { credentialsFromSecretsManager } from './credentials.ts';

// Created once per container, not once per run.
const secrets = new SecretsManagerClient({ requestHandler });

/** A client that takes its credentials from Secrets Manager. */
export function clientWithSecret(secretId: string, deadline: Deadline, usage: ApiUsage): SignalWireClient {
  return signalWireClient(credentialsFromSecretsManager(secrets, secretId, deadline), deadline, usage);
}
