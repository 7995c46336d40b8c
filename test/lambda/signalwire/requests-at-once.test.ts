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
  test('are twice as many each time that a page is waited for in vain, up to sixteen', async () => {
    const atOnce = new RequestsAtOnce(2);
    expect(atOnce.most).toBe(2);
    const grown = await grownIn(atOnce, sleep(200));
    expect(grown.slice(0, 4)).toEqual([4, 8, 16, 16]);
    expect(await grownIn(atOnce, sleep(1))).toEqual([]);
    expect(atOnce.most).toBe(16);
  });

  test('stay as few where there is other work while a page comes', async () => {
    const atOnce = new RequestsAtOnce(2);
    const busy = (async () => {
      for (let turn = 0; turn < 20; turn += 1) {
        work(8);
        await new Promise(setImmediate);
      }
    })();
    expect(await grownIn(atOnce, busy)).toEqual([]);
  });

  test('are not asked for any more once the wait is over, however it ended', async () => {
    const atOnce = new RequestsAtOnce(2);
    const failure = new Error('lost');
    await expect(grownIn(atOnce, Promise.reject(failure))).rejects.toBe(failure);
    await sleep(50);
    expect(atOnce.most).toBe(2);
  });
});
