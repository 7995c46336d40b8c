import { describe, expect, test } from '@jest/globals';
import { type ProcessClock, WaitingTime } from '../../../lambda/signalwire/waiting-time.ts';

/** A clock that stands still except when a test moves it. */
class Clock implements ProcessClock {
  #now = 0;
  #idle = 0;

  now(): number {
    return this.#now;
  }

  idle(): number {
    return this.#idle;
  }

  work(milliseconds: number): void {
    this.#now += milliseconds;
  }

  wait(milliseconds: number): void {
    this.#now += milliseconds;
    this.#idle += milliseconds;
  }
}

/** Reads a number of pages, each of which is waited for and then processed. */
async function read(waiting: WaitingTime, clock: Clock, pages: number, waitMs: number, workMs: number) {
  for (let page = 0; page < pages; page += 1) {
    await waiting.during(coming(clock, waitMs));
    clock.work(workMs);
  }
}

async function coming(clock: Clock, waitMs: number): Promise<void> {
  await Promise.resolve();
  clock.wait(waitMs);
}

describe('waiting', () => {
  test('is much while pages take longer to come than to process, and no longer when they don’t', async () => {
    const clock = new Clock();
    const waiting = new WaitingTime(clock);
    expect(waiting.isMuch).toBe(false);
    await read(waiting, clock, 5, 25, 1);
    expect(waiting.isMuch).toBe(true);
    await read(waiting, clock, 5, 1, 30);
    expect(waiting.isMuch).toBe(false);
  });

  test.each([
    [100, 200, false],
    [101, 200, true],
  ])('of %d ms with %d ms of work is much: %j', async (waitMs, workMs, isMuch) => {
    const clock = new Clock();
    const waiting = new WaitingTime(clock);
    clock.work(workMs);
    await read(waiting, clock, 1, waitMs, 0);
    expect(waiting.isMuch).toBe(isMuch);
  });

  test('is much even if it consists of many short waits', async () => {
    const clock = new Clock();
    const waiting = new WaitingTime(clock);
    await read(waiting, clock, 25, 4, 1);
    expect(waiting.isMuch).toBe(true);
  });

  test.each([
    [99, false],
    [100, true],
  ])('is known after a tenth of a second: %d ms', async (waitMs, isMuch) => {
    const clock = new Clock();
    const waiting = new WaitingTime(clock);
    await read(waiting, clock, 1, waitMs, 0);
    expect(waiting.isMuch).toBe(isMuch);
  });

  test('is little if there is other work while a page comes', async () => {
    const clock = new Clock();
    const waiting = new WaitingTime(clock);
    await waiting.during(
      Promise.resolve().then(() => {
        clock.work(240);
      }),
    );
    expect(waiting.isMuch).toBe(false);
  });

  test('is little if the reader waits long for something else', async () => {
    const clock = new Clock();
    const waiting = new WaitingTime(clock);
    clock.wait(200);
    await read(waiting, clock, 1, 5, 0);
    expect(waiting.isMuch).toBe(false);
  });

  test('for a page that fails counts too, and fails with the same error', async () => {
    const clock = new Clock();
    const waiting = new WaitingTime(clock);
    const failure = new Error('lost');
    const failing = coming(clock, 200).then(() => Promise.reject(failure));
    await expect(waiting.during(failing)).rejects.toBe(failure);
    expect(waiting.isMuch).toBe(true);
  });

  test('for a page returns the page', async () => {
    expect(await new WaitingTime().during(Promise.resolve('a page'))).toBe('a page');
  });

  test('is much by the process’s own clock while the process is idle', async () => {
    const waiting = new WaitingTime();
    await waiting.during(new Promise((resolve) => setTimeout(resolve, 150)));
    expect(waiting.isMuch).toBe(true);
  });
});
