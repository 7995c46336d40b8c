import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isPart, manyTurns, StagedS3 } from './staged-s3.ts';
import { bytesOf, LATER_PART, PART, writtenOf, TYPE } from './uploads.ts';

const MEBIBYTE = 1024 * 1024;
/** Enough for six parts, no two alike. */
const MEBIBYTES = Array.from({ length: mebibytesOf(6) }, (_, index) => bytesOf(MEBIBYTE, String(index)));

/** How many mebibytes so many parts have together. */
function mebibytesOf(parts: number): number {
  return (PART + (parts - 1) * LATER_PART) / MEBIBYTE;
}

let s3: StagedS3;

beforeEach(async () => {
  s3 = await StagedS3.open();
});
afterEach(() => s3.close());

describe('an upload holds at most three parts', () => {
  /** Functions that release the parts that have arrived at the server, in the order of arrival. */
  let held: (() => void)[];
  let arrived: number;

  beforeEach(() => {
    held = [];
    arrived = 0;
    s3.server.intercept = (request) => {
      if (!isPart(request)) return false;
      arrived += 1;
      return new Promise((resolve) => {
        held.push(() => {
          resolve(false);
        });
      });
    };
  });

  async function arrivals(count: number): Promise<void> {
    while (arrived < count) await turn();
    // If more were to come, they would have come by now.
    await manyTurns();
    expect(arrived).toBe(count);
  }

  test.each([
    ['the older', (parts: (() => void)[]) => parts.shift()],
    ['the younger', (parts: (() => void)[]) => parts.pop()],
  ])('and accepts no more until a part has arrived, %s of the two being sent', async (_which, take) => {
    const upload = s3.store.upload('key', TYPE);
    let accepted = 0;
    const write = async (): Promise<void> => {
      await upload.write(MEBIBYTES[accepted] ?? Buffer.alloc(0));
      accepted += 1;
    };
    while (accepted < mebibytesOf(3)) await write();
    for (let sent = 2; sent < 5; sent += 1) {
      const next = write();
      await arrivals(sent);
      expect(accepted).toBe(mebibytesOf(sent + 1));
      take(held)?.();
      await next;
      while (accepted < mebibytesOf(sent + 2)) await write();
    }
    const closed = upload.close();
    for (let sent = 5; sent <= 6; sent += 1) {
      await arrivals(sent);
      take(held)?.();
    }
    take(held)?.();
    const body = Buffer.concat(MEBIBYTES);
    expect(await closed).toEqual(writtenOf(body));
    await upload.complete('absent');
    expect(s3.holds('key', body)).toBe(true);
  });
});
