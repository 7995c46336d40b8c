import { afterEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { parseExactJson } from '../../../lambda/signalwire/exact-json.ts';
import { LogShape } from '../../../lambda/signalwire/log-shape.ts';
import { type LogsPage, PageReader, type UnreadablePage } from '../../../lambda/signalwire/page-reader.ts';
import { readVideoLog, type UnreadableLog, type VideoLog } from '../../../lambda/signalwire/video-log.ts';
import { deletedLog, sessionLog } from '../../support/logs.ts';
import { type PlainLog, plainLog, textOf } from '../../support/plain-logs.ts';
import { changed, PAGE_TEXT } from './log-texts.ts';

/** JSON without its blanks, and with its numbers unchanged. */
function compact(json: string): string {
  return json === '' ? '' : JSON.stringify(parseExactJson(json));
}

function compactLog(log: VideoLog | UnreadableLog): PlainLog {
  const { asSent, ...plain } = plainLog(log);
  if (asSent === undefined) return plain;
  const { json = '', chargeDetails } = asSent;
  return {
    ...plain,
    asSent: {
      ...asSent,
      json: compact(json),
      ...(chargeDetails !== undefined && { chargeDetails: compact(chargeDetails) }),
    },
  };
}

function compactPage(page: LogsPage | UnreadablePage): unknown {
  return 'problem' in page ? 'unreadable' : { next: page.next, logs: Array.from(page.logs, compactLog) };
}

/** What a page should be read as, worked out without any assumption on how pages are usually written. */
function expected(text: string): unknown {
  const { links, data } = (parseExactJson(text) ?? {}) as { links?: unknown; data?: unknown };
  const isObject = typeof links === 'object' && links !== null && !Array.isArray(links);
  const next: unknown = isObject && Object.hasOwn(links, 'next') ? (links as { next: unknown }).next : null;
  if (!isObject || !Array.isArray(data) || (next !== null && typeof next !== 'string')) return 'unreadable';
  return { next, logs: data.map((entry) => compactLog(readVideoLog(JSON.stringify(entry)))) };
}

/** The result of reading a text, or the name of the error. */
function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return (error as Error).name;
  }
}

function pageOf(logs: readonly string[]): string {
  return `{"links":{"self":"s"},"data":[${logs.join(',')}]}`;
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a page', () => {
  test('reads the same however its JSON is written, and whatever the pages before were like', () => {
    fc.assert(
      fc.property(fc.array(PAGE_TEXT, { minLength: 1, maxLength: 3 }), (texts) => {
        const reader = new PageReader();
        for (const text of texts) expect(compactPage(reader.read(textOf(text)))).toEqual(expected(text));
      }),
      { numRuns: 1500 },
    );
  });

  test('with one character added, removed or replaced is rejected exactly when JSON.parse rejects it', () => {
    const logs = ['a', 'b', 'c'].map((name) =>
      sessionLog(name, { more: { more: [1, { a: 'b' }], x: null } }),
    );
    const text = pageOf([...logs.map(({ json }) => json), deletedLog('d').json]);
    const reader = new PageReader();
    reader.read(textOf(text));
    fc.assert(
      fc.property(changed(text, 1), (other) => {
        expect(outcome(() => compactPage(reader.read(textOf(other))))).toEqual(
          outcome(() => expected(other)),
        );
        expect(outcome(() => reader.read(textOf(other))) === 'SyntaxError').toBe(
          outcome(() => JSON.parse(other)) === 'SyntaxError',
        );
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    '',
    ' ',
    '{',
    '{"links":{},"data":[',
    '{"links":{},"data":[{}]',
    '{"links":{},"data":[]}x',
    '{"links":{},"data":[]}{}',
    '{"links":{},"data":[{},]}',
    "{'links':{},'data':[]}",
  ])('that is not JSON is refused with a SyntaxError: %j', (text) => {
    expect(() => new PageReader().read(textOf(text))).toThrow(SyntaxError);
  });

  test('of another shape is reported with what is wrong with it', () => {
    expect(new PageReader().read(textOf('{"data":{}}'))).toEqual({
      problem:
        'links: Invalid input: expected object, received undefined; data: Invalid input: expected array, received object',
    });
  });

  test.each([
    ['as the API writes it', (text: string) => text],
    [
      'with a blank after commas and colons',
      (text: string) => text.replaceAll('":', '": ').replaceAll(',"', ', "').replaceAll('},{', '}, {'),
    ],
  ])('is read by the shape of its logs, written %s', (_how, write) => {
    const logs = Array.from({ length: 100 }, (_, index) => sessionLog(index, { charge: `0.${index}1` }));
    const text = write(pageOf(logs.map(({ json }) => json)));
    const match = jest.spyOn(LogShape.prototype, 'match');
    const page = new PageReader().read(textOf(text));
    expect(compactPage(page)).toEqual(expected(text));
    const found = match.mock.results.filter(({ value }) => value !== -1);
    // All but the first one, from which the shape is taken.
    expect(found).toHaveLength(99);
  });

  test('whose logs all have different shapes is read, but only eight shapes are kept', () => {
    const logs = Array.from({ length: 50 }, (_, index) => sessionLog(index, { more: { [`x${index}`]: 1 } }));
    const text = pageOf(logs.map(({ json }) => json));
    const made = jest.spyOn(LogShape, 'of');
    expect(compactPage(new PageReader().read(textOf(text)))).toEqual(expected(text));
    expect(made).toHaveBeenCalledTimes(8);
  });
});
