import { expect, test } from '@jest/globals';
import { sessionLog } from '../../support/logs.ts';
import { openMorning } from '../../support/morning.ts';
import { lineItemsOf } from '../support/consistent-archive.ts';
import { CSV_HEADER, CSV_KEY, manifestOf, only, textOf, visibleHtml } from '../support/observations.ts';
import { delivery, watch } from './support/outcome.ts';

const BIDI = 'left\u202eright\u2066first\u2069\u200f';
const LONG = 'long '.repeat(2048);

/** A room's name as SignalWire sends it, its cell in room-charges.csv, and what a reader of the mail sees. */
type Name = readonly [name: string, cell: string, seen: string];

const NAMES: readonly Name[] = [
  ['__proto__', '__proto__', '__proto__'],
  ['constructor', 'constructor', 'constructor'],
  ['toString', 'toString', 'toString'],
  ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`, '=HYPERLINK("http://x")'],
  ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"],
  ['+1', "'+1", '+1'],
  ['-1', "'-1", '-1'],
  ['@SUM(A1)', "'@SUM(A1)", '@SUM(A1)'],
  ['\tx', "'\tx", 'x'],
  ['\nx', `"'\nx"`, 'x'],
  ['\rx', `"'\rx"`, 'x'],
  ['a=b', 'a=b', 'a=b'],
  ["it's", "it's", "it's"],
  ['a;b', 'a;b', 'a;b'],
  ['a,b', '"a,b"', 'a,b'],
  ['the "big" one', '"the ""big"" one"', 'the "big" one'],
  ['a\nb', '"a\nb"', 'a b'],
  ['c\rd', '"c\rd"', 'c d'],
  ['x\r\nBcc: e@example.com\r\n\r\ny', '"x\r\nBcc: e@example.com\r\n\r\ny"', 'x Bcc: e@example.com y'],
  ['.\r\nQUIT\r\n', '".\r\nQUIT\r\n"', '. QUIT '],
  ['<script>alert(1)</script>', '<script>alert(1)</script>', '<script>alert(1)</script>'],
  ['&lt;b&gt;', '&lt;b&gt;', '&lt;b&gt;'],
  ['nul\0in', 'nul\0in', 'nul in'],
  [BIDI, BIDI, 'leftrightfirst'],
  ['Zürich 🎥', 'Zürich 🎥', 'Zürich 🎥'],
  // Half a surrogate pair is not valid text: both halves become the same mark, and only the text around them differs.
  ['high\ud83d', 'high\ufffd', 'high\ufffd'],
  ['\ude00low', '\ufffdlow', '\ufffdlow'],
  [LONG, LONG, `${LONG.slice(0, 59)}…`],
  ['  ', '  ', '(invisible room name)'],
];
// The last room is the one without a name.
const NAMELESS = [null, ''] as const;

test('room names damage neither the file nor the mail, and can be read back unchanged', async () => {
  const what = 'names';
  const priced = NAMES.map(([name, cell, seen], index) => ({
    name,
    cell,
    seen,
    charge: `${100 - index}.00`,
  }));
  const morning = await openMorning({
    logs: [
      ...priced.map(({ name, charge }, index) => sessionLog(index, { room: name, charge })),
      ...NAMELESS.map((room) => sessionLog(`nameless ${room}`, { room, charge: '0.5' })),
    ],
  });
  const outcome = watch(morning);

  // 100 + 99 + … + 72, and twice 0.50
  expect(await outcome(what, await morning.invoke())).toEqual(
    delivery({ what, charge: '2495.00', shown: '$2,495.00', tries: 1 }),
  );
  expect(morning.text(CSV_KEY)).toBe(
    [
      CSV_HEADER,
      ...priced.map(({ cell, charge }) => `2026-11-22,127.0.0.1,${cell},1,0,600,${charge},USD\r\n`),
      '2026-11-22,127.0.0.1,,2,0,1200,1.00,USD\r\n',
    ].join(''),
  );
  expect(
    lineItemsOf(morning, manifestOf(morning))
      .map((row) => row['x_RoomName'])
      .toSorted(),
  ).toEqual([...NAMES.map(([name]) => name), ...NAMELESS.map(() => '')].map(onOneLine).toSorted());

  const mail = only(await morning.mails());
  expect(mail.to?.map(({ address }) => address)).toEqual(['finance@example.com']);
  expect(mail.headers.map(({ key }) => key)).not.toContain('bcc');
  expect(`${mail.text ?? ''}${mail.html ?? ''}`).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\0]/);
  expect(mail.html).not.toContain('<script');
  expect(roomsInText(textOf(mail))).toEqual([...priced.map(({ seen }) => seen.trim()), '(no room name)']);
  const html = visibleHtml(mail);
  expect(priced.map(({ seen }) => seen.trim()).filter((seen) => !html.includes(seen))).toEqual([]);
});

/** A name as written in line-items.csv: line breaks become visible characters. */
function onOneLine(name: string): string {
  return name.toWellFormed().replaceAll('\r', '␍').replaceAll('\n', '␊');
}

/** The names in the mail's table: the text before sessions, time and charge. */
function roomsInText(text: string): string[] {
  return [...text.matchAll(/^(.*?) +\d+ +\d+ min +\$[\d.]+$/gm)].map(([, name = '']) => name.trim());
}
