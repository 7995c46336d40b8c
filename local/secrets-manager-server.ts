import { randomUUID } from 'node:crypto';
import { type AwsIdentity, findSignatureProblem, SIGNATURE_EXCEPTIONS } from './aws-signature.ts';
import { LoopbackServer, type Answer, type RecordedRequest } from './loopback-server.ts';

/** Text for a SecretString, bytes for a SecretBinary. */
type SecretValue = string | Buffer;

interface Secret {
  readonly arn: string;
  readonly value: SecretValue;
  readonly versionId: string;
  readonly createdAt: Date;
}

const ACCOUNT = '123456789012';

/** The six characters that Secrets Manager appends to a name in its ARN. */
const ARN_SUFFIX = 'Lo0pbK';

/** Secrets Manager, but only GetSecretValue for the current version. */
export class SecretsManagerServer extends LoopbackServer {
  readonly #identity: AwsIdentity;
  readonly #secrets = new Map<string, Secret>();

  constructor(identity: AwsIdentity) {
    super();
    this.#identity = identity;
  }

  /**
   * Stores a secret's value, replacing an earlier one, as a rotation does.
   *
   * @returns the secret's ARN, the same on every call
   */
  set(name: string, value: SecretValue): string {
    const arn = `arn:aws:secretsmanager:${this.#identity.region}:${ACCOUNT}:secret:${name}-${ARN_SUFFIX}`;
    this.#secrets.set(name, { arn, value, versionId: randomUUID(), createdAt: this.now() });
    return arn;
  }

  delete(name: string): void {
    this.#secrets.delete(name);
  }

  protected override async handle(request: RecordedRequest): Promise<Answer> {
    const problem = await findSignatureProblem(request, 'secretsmanager', this.#identity);
    if (problem !== null)
      return refuse(403, SIGNATURE_EXCEPTIONS[problem], 'The request is not signed correctly.');
    const target = request.headers['x-amz-target'];
    const isJson = request.headers['content-type'] === 'application/x-amz-json-1.1';
    if (
      request.method !== 'POST' ||
      request.url !== '/' ||
      !isJson ||
      target !== 'secretsmanager.GetSecretValue'
    ) {
      return notImplemented(`${request.method} ${request.url} ${String(target)}`);
    }
    const input = parseObject(request.body);
    if (input === null) return refuse(400, 'SerializationException', 'The body is not a JSON object.');
    const { SecretId: id, ...others } = input;
    if (Object.keys(others).length > 0) return notImplemented(Object.keys(others).join(', '));
    if (typeof id !== 'string') return refuse(400, 'ValidationException', 'SecretId must be a string.');
    return this.#answer(id);
  }

  #answer(id: string): Answer {
    const found = [...this.#secrets].find(
      // An ARN without its suffix is accepted, too.
      ([name, { arn }]) => id === name || id === arn || id === arn.slice(0, -(ARN_SUFFIX.length + 1)),
    );
    if (found === undefined) {
      return refuse(400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    }
    const [name, { arn, value, versionId, createdAt }] = found;
    return json(200, {
      ARN: arn,
      Name: name,
      VersionId: versionId,
      VersionStages: ['AWSCURRENT'],
      CreatedDate: createdAt.getTime() / 1000,
      ...(typeof value === 'string' ? { SecretString: value } : { SecretBinary: value.toString('base64') }),
    });
  }
}

/** Starts a Secrets Manager without secrets. */
export function startSecretsManagerServer(identity: AwsIdentity): Promise<SecretsManagerServer> {
  return new SecretsManagerServer(identity).listen();
}

function parseObject(body: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

function notImplemented(what: string): Answer {
  return refuse(501, 'NotImplementedException', `This server does not implement ${what}`);
}

function refuse(status: number, type: string, message: string): Answer {
  return json(status, { __type: type, message });
}

function json(status: number, value: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(value),
  };
}
