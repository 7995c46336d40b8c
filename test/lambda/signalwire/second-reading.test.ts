import { describe, expect, test } from '@jest/globals';
import { billingDay } from '../../../lambda/billing-day.ts';
import { ArchiveError, SignalWireUnavailableError } from '../../../lambda/errors.ts';
import { readDay, OutOfOrderError } from '../../../lambda/signalwire/day-reading.ts';
import { type LogsPage, PageReader } from '../../../lambda/signalwire/page-reader.ts';
import type { GetPage } from '../../../lambda/signalwire/paging.ts';
import { sessionLog, uuid } from '../../support/logs.ts';
import { textOf } from '../../support/plain-logs.ts';
import { Collected, DAY, ONE_BY_ONE, page, pageQuery } from './asking.ts';

type Step = 'add' | 'end';

/** Fails at a step of its first reading, or of every reading. */
class Failing extends Collected {
  readonly step: Step;
  readonly error: Error;
  readonly always: boolean;

  constructor(reading: Collected['reading'], step: Step, error: Error, always: boolean) {
    super(reading);
    this.step = step;
    this.error = error;
    this.always = always;
  }

  #failAt(step: Step): void {
    if (step === this.step && (this.always || !this.reading.isPatient)) throw this.error;
  }

  override async add(logs: Parameters<Collected['add']>[0]): Promise<void> {
    this.#failAt('add');
    await super.add(logs);
  }

  override async end(): Promise<void> {
    this.#failAt('end');
    await super.end();
  }
}

const PAGES = [page([sessionLog('a'), sessionLog('b')], pageQuery(DAY, 1)), page([sessionLog('c')])];

const reader = new PageReader();
const getPage: GetPage = ({ searchParams }) =>
  Promise.resolve(reader.read(textOf(PAGES[Number(searchParams.get('page_number') ?? '0')] ?? '')));

async function outcomeOf(
  get: GetPage,
  newCollector: (reading: Collected['reading']) => Collected,
): Promise<{ collectors: Collected[]; result: Collected | Error; notices: string[] }> {
  const collectors: Collected[] = [];
  const notices: string[] = [];
  const reading = readDay(
    get,
    'https://example.signalwire.com',
    billingDay(DAY, 'UTC'),
    (first) => {
      const collector = newCollector(first);
      collectors.push(collector);
      return collector;
    },
    { ...ONE_BY_ONE, onNotice: (notice) => notices.push(notice) },
  );
  return { collectors, result: await reading.catch((error: unknown) => error as Error), notices };
}

describe('a collector that can’t go on because of the order of the logs', () => {
  test.each<Step>(['add', 'end'])(
    'is discarded, and another one receives the whole day in a patient reading: %s',
    async (step) => {
      const { collectors, result, notices } = await outcomeOf(
        getPage,
        (reading) => new Failing(reading, step, new OutOfOrderError(), false),
      );
      expect(notices).toEqual([
        `The video logs of ${DAY} are not in order, so they are read again, and held in memory before they are ` +
          'archived. The report is the same; no action is needed.',
      ]);
      expect(collectors.map(({ state }) => state)).toEqual(['discarded', 'ended']);
      expect(collectors.map(({ reading }) => reading.isPatient)).toEqual([false, true]);
      expect(result).toBe(collectors[1]);
      expect(collectors[1]?.ids).toEqual(['a', 'b', 'c'].map(uuid));
    },
  );

  test('fails the day if the second one can’t go on either', async () => {
    const error = new OutOfOrderError();
    const { collectors, result } = await outcomeOf(
      getPage,
      (reading) => new Failing(reading, 'end', error, true),
    );
    expect(collectors.map(({ state }) => state)).toEqual(['discarded', 'discarded']);
    expect(result).toBe(error);
  });
});

describe('a list that changes while it is read', () => {
  const changing = (pagesOf: (reading: number) => readonly string[]): GetPage => {
    let readings = 0;
    return ({ searchParams }) => {
      const number = Number(searchParams.get('page_number') ?? '0');
      if (number === 0) readings += 1;
      return Promise.resolve(new PageReader().read(textOf(pagesOf(readings)[number] ?? '')));
    };
  };
  const changed = [page([sessionLog('a'), sessionLog('a', { charge: '0.2' })])];

  test('is read again, not patiently, with a notice', async () => {
    const get = changing((reading) => (reading === 1 ? changed : PAGES));
    const { collectors, result, notices } = await outcomeOf(get, (reading) => new Collected(reading));
    expect(collectors.map(({ reading }) => reading.isPatient)).toEqual([false, false]);
    expect(result).toBe(collectors[1]);
    expect(notices).toEqual([
      `The video logs of ${DAY} changed while they were being read, so they are read again. The report is the same; ` +
        'no action is needed.',
    ]);
  });

  test('after it was out of order is read a third time, still patiently', async () => {
    const get = changing((reading) => (reading === 2 ? changed : PAGES));
    const { collectors, result } = await outcomeOf(
      get,
      (reading) => new Failing(reading, 'end', new OutOfOrderError(), false),
    );
    expect(collectors.map(({ reading }) => reading.isPatient)).toEqual([false, true, true]);
    expect(result).toBe(collectors[2]);
  });
});

test.each<Step>(['add', 'end'])(
  'a collector that fails for another reason is discarded, and nothing is read again: %s',
  async (step) => {
    const error = new ArchiveError('S3 refuses');
    const { collectors, result } = await outcomeOf(
      getPage,
      (reading) => new Failing(reading, step, error, true),
    );
    expect(collectors.map(({ state }) => state)).toEqual(['discarded']);
    expect(result).toBe(error);
  },
);

test('if a page does not come, the collector is discarded, whatever it received before', async () => {
  const error = new SignalWireUnavailableError('Staged');
  const first = new PageReader().read(textOf(PAGES[0] ?? '')) as LogsPage;
  let asked = 0;
  const failing: GetPage = () => ((asked += 1) === 1 ? Promise.resolve(first) : Promise.reject(error));
  const { collectors, result } = await outcomeOf(failing, (reading) => new Collected(reading));
  expect(collectors.map(({ state, ids }) => [state, ids])).toEqual([['discarded', ['a', 'b'].map(uuid)]]);
  expect(result).toBe(error);
});
