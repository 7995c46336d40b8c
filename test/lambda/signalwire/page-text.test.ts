import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LogShape } from '../../../lambda/signalwire/log-shape.ts';
import { PageBuilder } from '../../../lambda/signalwire/page-builder.ts';
import { FoundLogs } from '../../../lambda/signalwire/page-logs.ts';
import { PageText } from '../../../lambda/signalwire/page-text.ts';

function built(chunks: readonly string[], expected = 0): PageText {
  const builder = new PageBuilder(expected);
  for (const chunk of chunks) builder.add(Buffer.from(chunk));
  return builder.end();
}

describe('a page that is put together', () => {
  test('holds the bytes that came, whatever was expected and whatever other pages there are', () => {
    const chunks = fc.array(
      fc.string({ maxLength: 2000 }).map((text) => text.repeat(40)),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(chunks, fc.nat({ max: 300_000 }), fc.boolean()), { maxLength: 8 }),
        (pages) => {
          const kept: [PageText, string][] = [];
          for (const [parts, expected, isReleased] of pages) {
            const page = built(parts, expected);
            expect(page.bytes.toString()).toBe(Buffer.from(parts.join('')).toString());
            // Writing to the spare memory does not change the page.
            page.spare.fill(0xff);
            if (isReleased) page.release();
            else kept.push([page, parts.join('')]);
          }
          for (const [page, text] of kept) expect(page.bytes.equals(Buffer.from(text))).toBe(true);
          for (const [page] of kept) page.release();
        },
      ),
      { numRuns: 200 },
    );
  });

  test('reuses the memory of a page that was released, and of no other', () => {
    const [first, second] = [built(['first']), built(['second'])];
    const memory = first.bytes.buffer;
    expect(second.bytes.buffer).not.toBe(memory);
    first.release();
    const others = Array.from({ length: 100 }, () => built(['another']).bytes.buffer);
    expect(others.filter((buffer) => buffer === memory)).toHaveLength(1);
    expect(others.includes(second.bytes.buffer)).toBe(false);
    expect(second.bytes.toString()).toBe('second');
  });

  test.each([
    ['\uFEFF{}', '{}'],
    ['\uFEFF', ''],
    ['{}\uFEFF', '{}\uFEFF'],
    ['', ''],
  ])('from %j has no byte order mark', (text, rest) => {
    // Left over from an earlier page.
    built(['\uFEFF\uFEFF']).release();
    expect(built([text]).bytes.toString()).toBe(rest);
  });
});

test('buffers of large pages replace those of small ones', () => {
  const small = Array.from({ length: 60 }, () => built(['small']));
  const large = built(['large'.repeat(100_000)]);
  const memory = large.bytes.buffer;
  for (const page of [...small, large]) page.release();
  expect(built(['large'.repeat(100_000)]).bytes.buffer === memory).toBe(true);
});

test('what was found in a page can’t be read after the page was released', () => {
  const page = built(['{"id":"a","charge":1,"created_at":"2026-11-22T12:00:00Z"}']);
  const found = new FoundLogs(page);
  const shape = LogShape.of(page, 0);
  if (shape !== null) found.addUsual(shape, 0);
  expect(found.createdAt(0)).toBe(Date.parse('2026-11-22T12:00:00Z'));
  page.release();
  expect(() => found.createdAt(0)).toThrow('This page was released');
  expect(() => found.hash(0, 0)).toThrow('This page was released');
  expect(() => found.log(0)).toThrow('This page was released');
});

describe('a page', () => {
  test('can be read as long as somebody keeps it, and by nobody afterwards', () => {
    const page = built(['text']);
    page.keep();
    page.release();
    expect(page.bytes.toString()).toBe('text');
    expect(page.view.getUint8(0)).toBe(0x74);
    page.release();
    expect(() => page.bytes).toThrow('This page was released');
    expect(() => page.view).toThrow('This page was released');
    expect(() => {
      page.requireKept();
    }).toThrow('This page was released');
    expect(() => {
      page.release();
    }).toThrow('This page was released');
  });

  test('whose bytes are never reused stays readable', () => {
    const page = new PageText(Buffer.from('text'));
    page.release();
    expect(page.bytes.toString()).toBe('text');
  });
});
