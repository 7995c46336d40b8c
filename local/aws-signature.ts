import { createHash } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { RecordedRequest } from './loopback-server.ts';
import { parseTarget } from './request-target.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** A Lambda function always has one; long-lived keys do not. */
  readonly sessionToken?: string;
}

/** Whose requests a server accepts, and for which region. */
export interface AwsIdentity {
  readonly credentials: AwsCredentials;
  readonly region: string;
}

/** Why a request is refused; each service words it in its own error format. */
export type SignatureProblem = 'missing' | 'malformed' | 'unknown-key' | 'mismatch' | 'payload-mismatch';

/** The names of these problems in the services that speak JSON. */
export const SIGNATURE_EXCEPTIONS: Readonly<Record<SignatureProblem, string>> = {
  missing: 'MissingAuthenticationTokenException',
  malformed: 'IncompleteSignatureException',
  'unknown-key': 'UnrecognizedClientException',
  mismatch: 'InvalidSignatureException',
  'payload-mismatch': 'InvalidSignatureException',
};

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/[^,]+, SignedHeaders=([a-z0-9;-]+), Signature=[0-9a-f]{64}$/;

const LONG_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Values of `x-amz-content-sha256` that leave the body out of the signature; only S3 accepts them. */
const UNSIGNED_PAYLOADS = new Set(['UNSIGNED-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER']);

/**
 * Checks the Signature Version 4 of a request by signing it again: method, path, query, headers and body. The age of
 * the signature is not checked, since the client's clock may be set to any day.
 *
 * @param service the signing name: s3, ses or secretsmanager
 * @returns what is wrong, or null if nothing is
 */
export async function findSignatureProblem(
  request: RecordedRequest,
  service: string,
  { credentials, region }: AwsIdentity,
): Promise<SignatureProblem | null> {
  const { authorization } = request.headers;
  if (authorization === undefined) return 'missing';
  const [, accessKeyId, signedNames] = AUTHORIZATION.exec(authorization) ?? [];
  const longDate = request.headers['x-amz-date'];
  if (signedNames === undefined || typeof longDate !== 'string' || !LONG_DATE.test(longDate))
    return 'malformed';
  if (accessKeyId !== credentials.accessKeyId) return 'unknown-key';
  // The signer below always inserts the right token, so it would not notice a wrong one.
  if (request.headers['x-amz-security-token'] !== credentials.sessionToken) return 'unknown-key';

  const signed = new Set(signedNames.split(';'));
  if (!Object.keys(request.headers).every((name) => signed.has(name) || !mustBeSigned(name)))
    return 'mismatch';

  const payloadHash = request.headers['x-amz-content-sha256'];
  if (payloadHash === undefined) {
    if (service === 's3') return 'malformed';
  } else if (service !== 's3' || !UNSIGNED_PAYLOADS.has(String(payloadHash))) {
    if (payloadHash !== createHash('sha256').update(request.body).digest('hex')) return 'payload-mismatch';
  }

  const signer = new SignatureV4({
    credentials,
    region,
    service,
    sha256: Sha256,
    // S3 signs the path as it was sent; every other service escapes it once more.
    uriEscapePath: service !== 's3',
    applyChecksum: payloadHash !== undefined,
  });
  const { path, query } = parseTarget(request.url);
  const again = await signer.sign(
    new HttpRequest({
      method: request.method,
      path,
      query: Object.fromEntries(query),
      headers: Object.fromEntries([...signed].map((name) => [name, String(request.headers[name] ?? '')])),
      body: request.body,
    }),
    { signingDate: new Date(longDate.replace(LONG_DATE, '$1-$2-$3T$4:$5:$6Z')), signableHeaders: signed },
  );
  // Date, region and service are part of this header, so they are compared, too.
  return again.headers['authorization'] === authorization ? null : 'mismatch';
}

function mustBeSigned(header: string): boolean {
  return header === 'host' || header.startsWith('x-amz-');
}
