import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { RequestsAtOnce } from '../../../lambda/signalwire/requests-at-once.ts';

/** Keeps the process busy. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** Waits once, and gives all numbers of requests that were allowed meanwhile. */
async function grownIn(atOnce: RequestsAtOnce, pages: Promise<unknown>): Promise<number[]> {
  const grown: number[] = [];
  await atOnce.whileWaiting(pages, () => grown.push(atOnce.most));
  return grown;
}

describe('requests at once', () => {
  test('are twice as many again and again while a page is waited for, up to sixteen', async () => {
    const atOnce = new RequestsAtOnce();
    expect(atOnce.most).toBe(2);
    expect(await grownIn(atOnce, sleep(300))).toEqual([4, 8, 16]);
    expect(await grownIn(atOnce, sleep(50))).toEqual([]);
    expect(atOnce.most).toBe(16);
  });

  test('become more by many short waits, too', async () => {
    const atOnce = new RequestsAtOnce();
    for (let page = 0; page < 100 && atOnce.most < 16; page += 1) await grownIn(atOnce, sleep(4));
    expect(atOnce.most).toBe(16);
  });

  test('stay as few where most of the time is worked', async () => {
    const atOnce = new RequestsAtOnce();
    for (let page = 0; page < 30; page += 1) {
      await grownIn(atOnce, sleep(1));
      work(12);
    }
    expect(atOnce.most).toBe(2);
  });

  test('stay as few where there is other work while a page comes', async () => {
    const atOnce = new RequestsAtOnce();
    const busy = (async () => {
      for (let turn = 0; turn < 20; turn += 1) {
        work(8);
        await new Promise(setImmediate);
      }
    })();
    expect(await grownIn(atOnce, busy)).toEqual([]);
  });

  test('are not asked for any more once the wait is over, however it ended', async () => {
    const atOnce = new RequestsAtOnce();
    const failure = new Error('lost');
    await expect(grownIn(atOnce, Promise.reject(failure))).rejects.toBe(failure);
    await sleep(50);
    expect(atOnce.most).toBe(2);
  });
});
