import fc from 'fast-check';

/** JSON texts of lists of logs, written in every way that JSON allows. Their contents need not be valid. */

const CHARACTERS = fc.constantFrom(
  'a',
  'ü',
  '🎥',
  ' ',
  ',',
  ':',
  '{',
  '}',
  '[',
  ']',
  '"',
  '\\',
  '/',
  '\n',
  '\0',
);
const STRING = fc
  .tuple(fc.string({ unit: CHARACTERS, maxLength: 4 }), fc.boolean())
  .map(([text, escaped]) => (escaped ? withEscapes(text) : JSON.stringify(text)));
const NUMBER = fc.constantFrom(
  '0',
  '-0',
  '7',
  '-12.50',
  '0.10',
  '12345678901234567890',
  '1e5',
  '1E-7',
  '2e+3',
);
const SCALAR = fc.oneof(STRING, NUMBER, fc.constantFrom('true', 'false', 'null'));
const NAME = fc.constantFrom('"a"', '"b"', '"2"', '"1"', '"__proto__"', '"constructor"', '"\\u0061"');

/** How a text is laid out: the white space around commas, colons and brackets. */
interface Layout {
  readonly comma: string;
  readonly colon: string;
  readonly inside: string;
}
const LAYOUT: fc.Arbitrary<Layout> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ comma: ',', colon: ':', inside: '' }) },
  { weight: 2, arbitrary: fc.constant({ comma: ', ', colon: ': ', inside: '' }) },
  fc.record({
    comma: fc.constantFrom(',', ' , ', ',\n  '),
    colon: fc.constantFrom(':', ' : ', ':\t'),
    inside: fc.constantFrom('', ' ', '\r\n'),
  }),
);

type Member = readonly [name: string, value: string];

function objectOf(members: readonly Member[], { comma, colon, inside }: Layout): string {
  return `{${inside}${members.map(([name, value]) => `${name}${colon}${value}`).join(comma)}${inside}}`;
}

function valueIn(layout: Layout): fc.Arbitrary<string> {
  const objectWith = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc.array(fc.tuple(NAME, value), { maxLength: 3 }).map((members) => objectOf(members, layout));
  const listOf = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc.array(value, { maxLength: 3 }).map((values) => `[${values.join(layout.comma)}]`);
  const flat = objectWith(SCALAR);
  const nested = fc.oneof(SCALAR, flat, listOf(fc.oneof(SCALAR, flat)));
  return fc.oneof({ weight: 4, arbitrary: SCALAR }, flat, listOf(nested), objectWith(nested));
}

const INSTANTS = ['2026-11-22T12:00:00Z', '2026-11-22T12:00:00.5Z', '2026-11-22T12:00:00+02:00'];
const INSTANT = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...INSTANTS).map((text) => JSON.stringify(text)) },
  fc.constantFrom('null', '""', '"today"', '5', '"2026-02-30T00:00:00Z"'),
);
const DETAILS = [
  '[]',
  'null',
  '[{"description":"a","charge":0.1}]',
  '[{"description": "a", "charge": "0.10"}, {"description": null, "charge": 1}]',
  '[{"2":1,"1":2,"charge":1}]',
  '[{"charge":1,"charge":2}]',
  '[ ]',
  '5',
  '"none"',
];

/** Values of the known members, most of them valid. */
function knownMember(name: string): fc.Arbitrary<string> {
  const usually = (usual: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc.oneof({ weight: 30, arbitrary: usual }, SCALAR);
  switch (name) {
    case 'id':
      return usually(fc.constantFrom('"a"', '"b"', `"${'i'.repeat(200)}"`, `"${'i'.repeat(201)}"`));
    case 'charge':
      return usually(fc.constantFrom('0.10', '0.1435', '"0.10"', '"1e-7"', '-2', 'null', '1e400', '"1,5"'));
    case 'locked':
      return usually(fc.constantFrom('true', 'false', 'null', '"perhaps"'));
    case 'charge_details':
      return usually(fc.constantFrom(...DETAILS));
    case 'status':
      return usually(fc.constantFrom('"completed"', '"in-progress"', 'null'));
    default:
      return /_at$|_time$/.test(name) ? INSTANT : usually(STRING);
  }
}

const USUAL = [
  ...['id', 'source', 'type', 'url', 'room_name', 'status', 'locked', 'started_at', 'ended_at', 'charge'],
  ...['created_at', 'charge_details'],
];
const SELDOM = ['discarded_at', 'start_time', 'end_time'];

/** The names of a log's members, in some order, some of them unknown. */
const SHAPE = fc
  .tuple(
    fc.shuffledSubarray(USUAL, { minLength: USUAL.length - 2 }),
    fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.subarray(SELDOM)),
    fc.array(NAME, { maxLength: 2 }),
    // Now and then a duplicate member.
    fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, fc.subarray(USUAL, { maxLength: 1 })),
  )
  .map(([usual, seldom, unknown, again]) => [
    ...usual.map((name) => JSON.stringify(name)),
    ...unknown,
    ...[...seldom, ...again].map((name) => JSON.stringify(name)),
  ]);

function logOf(shape: readonly string[], layout: Layout): fc.Arbitrary<string> {
  const members = shape.map((name) => {
    const plain = JSON.parse(name) as string;
    const value = [...USUAL, ...SELDOM].includes(plain) ? knownMember(plain) : valueIn(layout);
    return value.map((text): Member => [name, text]);
  });
  return fc.tuple(...members).map((found) => objectOf(found, layout));
}

const LINKS = fc.constantFrom(
  '{}',
  '{"self":"s","next":null}',
  '{"self": "s", "next": "/api/video/logs?page_token=2"}',
  '{"next":"?a\\u0062"}',
  '{"next":5}',
  'null',
);

/** The text of a page in which most logs have one of a few shapes. */
export const PAGE_TEXT: fc.Arbitrary<string> = fc
  .tuple(LAYOUT, fc.array(SHAPE, { minLength: 1, maxLength: 3 }))
  .chain(([layout, shapes]) => {
    const entry = fc.oneof(
      { weight: 30, arbitrary: fc.oneof(...shapes.map((shape) => logOf(shape, layout))) },
      valueIn(layout),
    );
    return fc
      .record({
        links: LINKS,
        data: fc.array(entry, { maxLength: 8 }),
        order: fc.constantFrom('usual', 'usual', 'usual', 'other', 'more'),
        end: fc.constantFrom('', '\n', ' \r\n'),
      })
      .map(({ links, data, order, end }) => {
        const members: Member[] = [
          ['"links"', links],
          ['"data"', `[${data.join(layout.comma)}]`],
        ];
        if (order === 'other') members.reverse();
        if (order === 'more') members.push(['"total"', '5']);
        return objectOf(members, layout) + end;
      });
  });

function withEscapes(text: string): string {
  const escaped = text.split('').map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${escaped.join('')}"`;
}

const SIGNS = '{}[]",:\\ \n\t0123456789-+.eEtrufalsn\0\u001f\u007f\u00a0\ufeff'.split('');

/**
 * A text in which some character is added, removed or replaced.
 *
 * @param mostRemoved how many characters may be removed there
 */
export function changed(text: string, mostRemoved: number): fc.Arbitrary<string> {
  return fc
    .record({
      at: fc.nat({ max: text.length }),
      removed: fc.nat({ max: mostRemoved }),
      inserted: fc.oneof(fc.constant(''), fc.constantFrom(...SIGNS)),
    })
    .map(({ at, removed, inserted }) => text.slice(0, at) + inserted + text.slice(at + removed));
}
