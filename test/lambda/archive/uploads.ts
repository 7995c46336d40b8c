import { hash } from 'node:crypto';
import type { ObjectStore, Upload, Written } from '../../../lambda/archive/object-store.ts';

export const TYPE = 'text/csv; charset=utf-8';
/** What S3 takes in one piece; more goes in parts. */
export const PART = 5 * 1024 * 1024;

/** Bytes that are the same each time, and not the same in any two parts. */
export function bytesOf(length: number, word = 'line'): Buffer {
  return Buffer.alloc(length, word.padEnd(1009, '0123456789\n'));
}

/** As the hash of the whole would tell it. */
export function tell(body: Buffer): Written {
  return { sha256: hash('sha256', body), bytes: body.length };
}

/** Everything written, in pieces that end nowhere near a part's end, and closed. */
export async function uploaded(store: ObjectStore, key: string, body: Buffer): Promise<Upload> {
  const upload = store.upload(key, TYPE);
  for (let start = 0; start < body.length; start += 700_001) {
    await upload.write(body.subarray(start, start + 700_001));
  }
  await upload.close();
  return upload;
}
