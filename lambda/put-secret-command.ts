/**
 * The command that fills the secret with the SignalWire credentials. It reads the value from standard input, so that the
 * token does not end up in a shell's history.
 *
 * @param secretId name or ARN
 */
export function putSecretCommand(secretId: string): string {
  return `aws secretsmanager put-secret-value --secret-id ${secretId} --secret-string file:///dev/stdin`;
}
