import { hash } from 'node:crypto';
import type { ObjectStore, Upload, Written } from '../../../lambda/archive/object-store.ts';

export const TYPE = 'text/csv; charset=utf-8';
/** The largest object that is sent to S3 in one piece; larger ones are sent in parts, of which this is the first. */
export const PART = 5 * 1024 * 1024;
/** The other parts, all but the last. */
export const LATER_PART = 2 * PART;

/** Bytes that are the same each time, but differ between any two parts. */
export function bytesOf(length: number, word = 'line'): Buffer {
  return Buffer.alloc(length, word.padEnd(1009, '0123456789\n'));
}

/** What closing the upload of these bytes returns. */
export function writtenOf(body: Buffer): Written {
  return { sha256: hash('sha256', body), bytes: body.length };
}

/** An upload to which everything was written, in pieces that do not match the parts, and which is closed. */
export async function uploaded(store: ObjectStore, key: string, body: Buffer): Promise<Upload> {
  const upload = store.upload(key, TYPE);
  for (let start = 0; start < body.length; start += 700_001) {
    await upload.write(body.subarray(start, start + 700_001));
  }
  await upload.close();
  return upload;
}
