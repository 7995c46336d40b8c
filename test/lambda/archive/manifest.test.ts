import { describe, expect, test } from '@jest/globals';
import { type Manifest, parseManifest, writeManifest } from '../../../lambda/archive/manifest.ts';

const REVISION = {
  revision: 1,
  at: '2026-11-23T06:00:00.000Z',
  charge: '12.3456',
  sessions: 3,
  reason: 'first reading',
  restatedBy: null,
};
const FILE = { key: 'some/key.csv', sha256: 'abc', bytes: 100, rows: 0, versionId: null };
const MANIFEST: Manifest = {
  day: '2026-11-22',
  timeZone: 'UTC',
  space: 'example',
  currency: 'USD',
  revision: 2,
  charge: '-0.50',
  rooms: 0,
  sessions: 4,
  inProgressSessions: 1,
  deletedLogs: 0,
  files: [FILE],
  notices: ['A word beside.'],
  revisions: [REVISION, { ...REVISION, revision: 2, charge: '-0.50', restatedBy: 'somebody' }],
};

/** Why the manifest can't be read with these fields; null if it can. */
function refusal(changes: object): unknown {
  try {
    parseManifest(Buffer.from(JSON.stringify({ ...MANIFEST, ...changes })), 'the place');
    return null;
  } catch (error) {
    return error;
  }
}

describe('a manifest', () => {
  test('is one line of JSON, its fields in their order, and comes back as it was', () => {
    const bytes = writeManifest(MANIFEST);
    expect(bytes.toString()).toBe(
      '{"day":"2026-11-22","timeZone":"UTC","space":"example","currency":"USD","revision":2,"charge":"-0.50",' +
        '"rooms":0,"sessions":4,"inProgressSessions":1,"deletedLogs":0,"files":[{"key":"some/key.csv",' +
        '"sha256":"abc","bytes":100,"rows":0,"versionId":null}],"notices":["A word beside."],"revisions":[' +
        '{"revision":1,"at":"2026-11-23T06:00:00.000Z","charge":"12.3456","sessions":3,"reason":"first reading",' +
        '"restatedBy":null},{"revision":2,"at":"2026-11-23T06:00:00.000Z","charge":"-0.50","sessions":3,' +
        '"reason":"first reading","restatedBy":"somebody"}]}\n',
    );
    expect(parseManifest(bytes, 'the place')).toEqual(MANIFEST);
  });

  test.each(['0.00', '10.00', '-10.05', '0.123456789012345678901234567890'])(
    'may hold the charge %s',
    (charge) => {
      expect(refusal({ charge, revisions: [{ ...REVISION, charge }] })).toBeNull();
    },
  );

  test.each([
    ['day', { day: 20261122 }],
    ['currency', { currency: 'usd' }],
    ['currency', { currency: 'USDX' }],
    ['currency', { currency: 'XUSD' }],
    ['currency', { currency: 'U' }],
    ['revision', { revision: 0 }],
    ['revision', { revision: 1.5 }],
    ['charge', { charge: 1.5 }],
    ['charge', { charge: '1.5' }],
    ['charge', { charge: '1' }],
    ['charge', { charge: 'x1.50' }],
    ['charge', { charge: '1.50 ' }],
    ['charge', { charge: 'NaN' }],
    ['charge', { charge: 'a.bc' }],
    ['charge', { charge: '1.bc' }],
    ['rooms', { rooms: -1 }],
    ['deletedLogs', { deletedLogs: null }],
    ['files.0.key', { files: [{ ...FILE, key: undefined }] }],
    ['notices', { notices: null }],
    ['revisions', { revisions: [] }],
    ['revisions.1.charge', { revisions: [REVISION, { ...REVISION, charge: '' }] }],
    ['revisions.0.revision', { revisions: [{ ...REVISION, revision: 0 }] }],
  ])('with a wrong %s is refused: %j', (field, changes) => {
    expect(refusal(changes)).toMatchObject({
      name: 'ArchiveError',
      message: expect.stringMatching(
        new RegExp(
          `^the place is not a readable manifest \\(${field}: .+\\)\\. Restore its last good version\\.$`,
        ),
      ),
    });
  });

  test.each(['', '{', 'null', '[]'])('is refused if the bytes are %j', (text) => {
    expect(() => parseManifest(Buffer.from(text), 'the place')).toThrow(
      /^the place is not a readable manifest \(it: .+\)\. Restore its last good version\.$/,
    );
  });
});
