import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Intercept } from '../../../local/loopback-server.ts';
import { cut, refuseAsS3, times } from '../../end-to-end/support/faults.ts';
import { isCompletion, only, refuse, StagedS3 } from './staged-s3.ts';
import { bytesOf, TYPE, uploaded } from './uploads.ts';

const LARGE = bytesOf(30_000_000);

let s3: StagedS3;

beforeEach(async () => {
  s3 = await StagedS3.open();
});
afterEach(() => s3.close());

describe('a completion', () => {
  test('carries the condition, and no request before it does', async () => {
    const { etag } = (await s3.store.put('key', Buffer.from('one'), TYPE, 'absent')) ?? { etag: '' };
    s3.server.requests.length = 0;
    const upload = await uploaded(s3.store, 'key', LARGE);
    await upload.complete('absent');
    await upload.complete({ replacing: etag });
    const writes = s3.server.requests.filter(({ method }) => method !== 'GET');
    expect(
      writes.map(({ method, headers }) => [method, headers['if-none-match'], headers['if-match']]),
    ).toEqual([
      ['POST', undefined, undefined],
      ['PUT', undefined, undefined],
      ['PUT', undefined, undefined],
      ['PUT', undefined, undefined],
      ['PUT', undefined, undefined],
      ['POST', '*', undefined],
      ['POST', undefined, etag],
    ]);
    // S3 refuses parts with a checksum that was not announced, or is not repeated at the end.
    expect(writes[0]?.headers['x-amz-checksum-algorithm']).toBe('CRC32');
    const listed = writes[6]?.body.toString().match(/<ChecksumCRC32>[^<]+/g) ?? [];
    const sent = writes.slice(1, 5).map(({ headers }) => String(headers['x-amz-checksum-crc32']));
    expect(listed.toSorted()).toEqual(sent.map((checksum) => `<ChecksumCRC32>${checksum}`).sort());
    expect(s3.holds('key', LARGE)).toBe(true);
  });

  test.each([1, 3])('whose answer is lost is recognised, even if it is lost %i times', async (count) => {
    s3.server.afterHandling = only(isCompletion, times(count, cut));
    const upload = await uploaded(s3.store, 'key', LARGE);
    expect(await upload.complete('absent')).toEqual(await s3.store.head('key'));
    expect(s3.server.bucket(s3.bucket).writes).toHaveLength(1);
    expect(await s3.underWay()).toEqual([]);
  });

  test('that is answered without the version looks it up', async () => {
    s3.server.afterHandling = (request, response, { status, body }) => {
      if (!isCompletion(request)) return false;
      response.writeHead(status, { 'content-type': 'application/xml' }).end(body);
      return true;
    };
    const upload = await uploaded(s3.store, 'key', LARGE);
    const stored = await upload.complete('absent');
    const { etag, versionId } = s3.server.bucket(s3.bucket).get('key');
    expect(stored).toEqual({ etag, versionId });
  });

  test('whose answer of 200 holds an error is requested again', async () => {
    s3.server.intercept = refuse(isCompletion, 200, 'InternalError', 1);
    const upload = await uploaded(s3.store, 'key', LARGE);
    expect(await upload.complete('absent')).not.toBeNull();
    expect(s3.holds('key', LARGE)).toBe(true);
  });

  test.each([
    [403, 'AccessDenied'],
    [500, 'InternalError'],
  ])('that is always refused with %i fails with the reason', async (status, code) => {
    s3.server.intercept = refuse(isCompletion, status, code);
    const upload = await uploaded(s3.store, 'key', LARGE);
    await expect(upload.complete('absent')).rejects.toMatchObject({
      name: 'ArchiveError',
      message: expect.stringContaining(`(${code}: Staged)`),
    });
    await upload.abort();
    expect(await s3.underWay()).toEqual([]);
  });

  test('of an upload that S3 has dropped fails and says so', async () => {
    const upload = await uploaded(s3.store, 'key', LARGE);
    await s3.abortAll('key');
    await expect(upload.complete('absent')).rejects.toMatchObject({
      name: 'ArchiveError',
      message:
        `S3 has dropped what was uploaded for s3://${s3.bucket}/key, as it does when another run writes the same file. ` +
        'The day was not archived; the next run tries again.',
    });
  });

  test('of an upload that S3 has dropped since the last try fails with another condition, too', async () => {
    await s3.store.put('key', Buffer.from('one'), TYPE, 'absent');
    const upload = await uploaded(s3.store, 'key', LARGE);
    expect(await upload.complete('absent')).toBeNull();
    await s3.abortAll('key');
    const replacing = (await s3.store.head('key'))?.etag ?? '';
    await expect(upload.complete({ replacing })).rejects.toMatchObject({
      name: 'ArchiveError',
      message: expect.stringContaining('S3 has dropped what was uploaded'),
    });
    expect(s3.server.bucket(s3.bucket).text('key')).toBe('one');
  });

  /** Does what S3 does in a conflict: the upload is dropped, and the conflicting write may already be visible. */
  function conflict(meanwhile: () => Promise<unknown>): Intercept {
    return async (request, response) => {
      if (!isCompletion(request)) return false;
      s3.server.intercept = null;
      await s3.abortAll('key');
      await meanwhile();
      return refuseAsS3(409, 'ConditionalRequestConflict')(request, response, { status: 409 });
    };
  }

  test('in conflict with a write of the same bytes is a success', async () => {
    const upload = await uploaded(s3.store, 'key', LARGE);
    s3.server.intercept = conflict(async () => (await uploaded(s3.store, 'key', LARGE)).complete('absent'));
    expect(await upload.complete('absent')).toEqual(await s3.store.head('key'));
    expect(s3.server.bucket(s3.bucket).writes).toHaveLength(1);
  });

  /** The same, but the conflicting write becomes visible only at the second look. */
  function conflictSeenLate(winner: () => Promise<unknown>): Intercept {
    let looks = 0;
    const late: Intercept = async ({ method }) => {
      if (method === 'HEAD' && (looks += 1) === 2) {
        s3.server.intercept = null;
        await winner();
      }
      return false;
    };
    return conflict(() => {
      s3.server.intercept = late;
      return Promise.resolve();
    });
  }

  test.each([
    ['of other bytes', conflict],
    ['that becomes visible later', conflictSeenLate],
  ])('in conflict with a write %s reports that the condition does not hold', async (_which, staged) => {
    const upload = await uploaded(s3.store, 'key', LARGE);
    s3.server.intercept = staged(() => s3.store.put('key', Buffer.from('one'), TYPE, 'absent'));
    expect(await upload.complete('absent')).toBeNull();
    expect(s3.server.bucket(s3.bucket).text('key')).toBe('one');
  });

  test('in conflict with a replacement that becomes visible later reports that the condition does not hold', async () => {
    const before = await s3.store.put('key', Buffer.from('one'), TYPE, 'absent');
    const replacing = before?.etag ?? '';
    const upload = await uploaded(s3.store, 'key', LARGE);
    s3.server.intercept = conflictSeenLate(() =>
      s3.store.put('key', Buffer.from('two'), TYPE, { replacing }),
    );
    expect(await upload.complete({ replacing })).toBeNull();
    expect(s3.server.bucket(s3.bucket).text('key')).toBe('two');
  });

  test('in conflict with a write of the same bytes that becomes visible later is a success', async () => {
    const upload = await uploaded(s3.store, 'key', LARGE);
    s3.server.intercept = conflictSeenLate(async () =>
      (await uploaded(s3.store, 'key', LARGE)).complete('absent'),
    );
    expect(await upload.complete('absent')).toEqual(await s3.store.head('key'));
    expect(s3.server.bucket(s3.bucket).writes).toHaveLength(1);
  });

  test('in conflict with a write that never becomes visible is left to the next run', async () => {
    const upload = await uploaded(s3.store, 'key', LARGE);
    s3.server.intercept = conflict(() => Promise.resolve());
    await expect(upload.complete('absent')).rejects.toMatchObject({
      name: 'ArchiveError',
      message: expect.stringContaining('the next run tries again'),
    });
  });
});
