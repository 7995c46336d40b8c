import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { WaitingTime } from '../../../lambda/signalwire/waiting-time.ts';

/** Keeps the process busy. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** Reads so many pages, each of which comes after some time and takes some work. */
async function read(waiting: WaitingTime, pages: number, latencyMs: number, workMs: number): Promise<void> {
  for (let page = 0; page < pages; page += 1) {
    await waiting.during(sleep(latencyMs));
    work(workMs);
  }
}

describe('waiting', () => {
  test('is much where pages take more time than they make work, and no longer where they do not', async () => {
    const waiting = new WaitingTime();
    expect(waiting.isMuch).toBe(false);
    await read(waiting, 10, 25, 1);
    expect(waiting.isMuch).toBe(true);
    await read(waiting, 20, 1, 30);
    expect(waiting.isMuch).toBe(false);
  });

  test('is much where it is made of many short waits', async () => {
    const waiting = new WaitingTime();
    await read(waiting, 100, 4, 1);
    expect(waiting.isMuch).toBe(true);
  });

  test('is not known before a tenth of a second is over', async () => {
    const waiting = new WaitingTime();
    await waiting.during(sleep(20));
    expect(waiting.isMuch).toBe(false);
  });

  test('is little where there is other work while a page comes', async () => {
    const waiting = new WaitingTime();
    const busy = (async () => {
      for (let turn = 0; turn < 30; turn += 1) {
        work(8);
        await new Promise(setImmediate);
      }
    })();
    await waiting.during(busy);
    expect(waiting.isMuch).toBe(false);
  });

  test('is little where the reader waits long for something else', async () => {
    const waiting = new WaitingTime();
    await sleep(200);
    await waiting.during(sleep(5));
    expect(waiting.isMuch).toBe(false);
  });

  test('for a page that fails counts, too, and fails with the same', async () => {
    const waiting = new WaitingTime();
    const failure = new Error('lost');
    const failing = sleep(200).then(() => Promise.reject(failure));
    await expect(waiting.during(failing)).rejects.toBe(failure);
    expect(waiting.isMuch).toBe(true);
  });

  test('for a page gives the page', async () => {
    expect(await new WaitingTime().during(Promise.resolve('a page'))).toBe('a page');
  });
});
