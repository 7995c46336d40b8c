import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import type { Deadline } from '../../../lambda/deadline.ts';
import { S3Store } from '../../../lambda/archive/s3-store.ts';
import type { Answer, RecordedRequest } from '../../../local/loopback-server.ts';
import { type Hook, refuseAsS3, times } from '../../end-to-end/support/faults.ts';
import { openLoopbackBucket } from '../../local/own-bucket.ts';
import { NO_HURRY } from '../../support/deadlines.ts';

export type Kind = (request: RecordedRequest) => boolean;

export const isCreation: Kind = ({ method, url }) => method === 'POST' && url.includes('?uploads');
export const isPart: Kind = ({ url }) => url.includes('partNumber=');
export const isCompletion: Kind = ({ method, url }) => method === 'POST' && url.includes('uploadId=');
export const isReading: Kind = ({ method }) => method === 'GET';
export const isAbort: Kind = ({ method }) => method === 'DELETE';

/** Limits a fault to requests of a kind. */
export function only(isMeant: Kind, fault: Hook): Hook {
  return (request: RecordedRequest, response: ServerResponse, answer: Answer = { status: 200 }) =>
    isMeant(request) && fault(request, response, answer);
}

/** Refuses requests of a kind, `count` times. */
export function refuse(isMeant: Kind, status: number, code: string, count = Infinity): Hook {
  return only(isMeant, times(count, refuseAsS3(status, code)));
}

type Opened = Awaited<ReturnType<typeof openLoopbackBucket>>;

/** A loopback S3 in which faults can be staged, and the archive in it. */
export class StagedS3 {
  readonly server: Opened['server'];
  readonly store: S3Store;
  readonly bucket: string;
  readonly close: Opened['close'];
  readonly #client: Opened['client'];

  private constructor(opened: Opened) {
    ({ server: this.server, bucket: this.bucket, close: this.close, client: this.#client } = opened);
    this.store = this.storeWithin(NO_HURRY);
  }

  static async open(): Promise<StagedS3> {
    return new StagedS3(await openLoopbackBucket());
  }

  storeWithin(deadline: Deadline): S3Store {
    return new S3Store(this.#client, this.bucket, deadline);
  }

  /** Waits until the server has seen `count` requests of a kind. */
  async seen(isMeant: Kind, count: number): Promise<void> {
    while (this.asked(isMeant) < count) await turn();
  }

  asked(isMeant: Kind): number {
    return this.server.requests.filter(isMeant).length;
  }

  /** Ids of the uploads that are neither completed nor aborted. */
  async underWay(): Promise<string[]> {
    const { Uploads = [] } = await this.#client.send(
      new ListMultipartUploadsCommand({ Bucket: this.bucket }),
    );
    return Uploads.map(({ UploadId = '' }) => UploadId);
  }

  async abortAll(key: string): Promise<void> {
    for (const UploadId of await this.underWay()) {
      await this.#client.send(new AbortMultipartUploadCommand({ Bucket: this.bucket, Key: key, UploadId }));
    }
  }

  // Compared by hand: a failing toEqual would take minutes over so many bytes.
  holds(key: string, body: Buffer): boolean {
    return this.server.bucket(this.bucket).bytes(key).equals(body);
  }
}

/** Lets the event loop turn so often that everything that is ready to happen has happened. */
export async function manyTurns(): Promise<void> {
  for (let turns = 0; turns < 50; turns += 1) await turn();
}
