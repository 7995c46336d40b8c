import type { Answer } from '../loopback-server.ts';
import { xmlDocument } from '../xml.ts';

/** An error in S3's format: a status, a code and a message in XML. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  toAnswer(resource: string): Answer {
    return {
      status: this.status,
      headers: { 'content-type': 'application/xml' },
      body: xmlDocument({ Error: { Code: this.code, Message: this.message, Resource: resource } }),
    };
  }
}

/** The error for everything that S3 can do, but this server cannot: better refused than half done. */
export function notImplemented(what: string): S3Error {
  return new S3Error(501, 'NotImplemented', `This server does not implement ${what}`);
}

export function noSuchKey(key: string): S3Error {
  return new S3Error(404, 'NoSuchKey', `The specified key does not exist: ${key}`);
}

export function preconditionFailed(condition: string): S3Error {
  return new S3Error(
    412,
    'PreconditionFailed',
    `At least one of the pre-conditions you specified did not hold: ${condition}`,
  );
}
