import { ArnFormat, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

export interface SignalWireSecretProps {
  /** Name of the secret, or the ARN of an existing one. */
  readonly secretName: string;

  /** Whether to create the secret, empty, or to use the existing one of that name. */
  readonly create: boolean;
}

/** The secret with the project id and API token of the SignalWire space. Its value never passes through the stack. */
export class SignalWireSecret extends Construct {
  /** The ARN for use in a policy; for an existing secret, with a pattern for the suffix that AWS has added. */
  readonly arns: readonly string[];

  constructor(scope: Construct, id: string, props: SignalWireSecretProps) {
    super(scope, id);
    this.arns = props.create ? [this.#createEmpty(props.secretName)] : this.#arnsOfExisting(props.secretName);
  }

  #createEmpty(name: string): string {
    // Not the Secret construct: it generates a random value, to which SignalWire would answer 401. Without a value, the
    // first run says that the secret is empty, and no later deployment can overwrite the value that was put in.
    const secret = new CfnSecret(this, 'Resource', {
      name,
      description: 'SignalWire project id and API token (Video scope) for the video cost report',
    });
    // It stays, unless its very first deployment fails: it would be in the way of the second try.
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'SignalWire creates tokens only in its dashboard. docs/runbook.md says how to rotate one by hand.',
    });
    return secret.ref;
  }

  #arnsOfExisting(nameOrArn: string): string[] {
    if (nameOrArn.startsWith('arn:')) {
      const arn = nameOrArn;
      if (!/-[A-Za-z0-9]{6}$/.test(arn)) return [`${arn}-??????`];
      // A complete ARN ends in its suffix. But six lower-case letters may also be the end of the name: `-report`.
      return /-[a-z]{6}$/.test(arn) ? [arn, `${arn}-??????`] : [arn];
    }
    const arn = Stack.of(this).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: nameOrArn,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return [`${arn}-??????`];
  }
}
