import { describe, expect, test } from '@jest/globals';
import { sampleDay } from '../../local/sample-day.ts';

interface SessionLog {
  readonly id: string;
  readonly room_name: string | null;
  readonly status: string;
  readonly started_at: string;
  readonly ended_at: string | null;
}

const DAY = sampleDay('2026-11-22');
const SESSIONS = DAY.filter(({ deleted = false }) => !deleted);

/** All amounts of a log in ten-thousandths, read from its text: first the charge, then its details. */
function amounts(json: string): bigint[] {
  return [...json.matchAll(/"charge":(\d+)\.(\d{4})(?=[,}])/g)].map(([, whole = '', fraction = '']) =>
    BigInt(whole + fraction),
  );
}

function parse(json: string): SessionLog {
  return JSON.parse(json) as SessionLog;
}

describe('a sample day', () => {
  test('is the same every time, but differs between dates', () => {
    expect(sampleDay('2026-11-22')).toEqual(DAY);
    expect(sampleDay('2026-11-21').map(({ json }) => json)).not.toEqual(DAY.map(({ json }) => json));
  });

  test('is as busy as a medium-sized company', () => {
    expect(DAY).toHaveLength(3337);
    const rooms = new Set(SESSIONS.map(({ json }) => parse(json).room_name).filter((name) => name !== null));
    expect(rooms.size).toBe(40);
    expect(SESSIONS.filter(({ json }) => parse(json).room_name === null)).toHaveLength(6);
  });

  test('has details that add up to the charge, to the last digit', () => {
    const wrong = SESSIONS.filter(({ json }) => {
      const [charge, ...details] = amounts(json);
      return details.reduce((sum, amount) => sum + amount, 0n) !== (charge ?? 0n);
    });
    expect(wrong).toEqual([]);
    const total = SESSIONS.reduce((sum, { json }) => sum + (amounts(json)[0] ?? 0n), 0n);
    expect(total).toBe(20_580_315n);
  });

  test('has sessions in progress, without a charge', () => {
    const inProgress = SESSIONS.filter(({ json }) => amounts(json).length === 0);
    expect(inProgress).toHaveLength(5);
    expect(inProgress.map(({ json }) => JSON.parse(json) as unknown)).toEqual(
      inProgress.map(() =>
        expect.objectContaining({ status: 'in-progress', ended_at: null, charge: null, charge_details: [] }),
      ),
    );
  });

  test('has two deleted logs', () => {
    const deleted = DAY.filter((log) => log.deleted === true).map(({ json }) => JSON.parse(json) as object);
    expect(deleted.map((log) => Object.keys(log))).toEqual([
      ['id', 'discarded_at', 'created_at'],
      ['id', 'discarded_at', 'created_at'],
    ]);
  });

  test('begins every session on its date, newest first, and ends it later', () => {
    const starts = DAY.map(({ createdAt }) => createdAt);
    expect(starts).toEqual(starts.toSorted().reverse());
    expect(new Set(starts.map((start) => start.slice(0, 10)))).toEqual(new Set(['2026-11-22']));
    const logs = SESSIONS.map(({ json }) => parse(json));
    expect(logs.filter(({ ended_at: end, started_at: start }) => end !== null && end <= start)).toEqual([]);
    expect(logs.map(({ started_at: start }) => start)).toEqual(SESSIONS.map(({ createdAt }) => createdAt));
  });

  test('gives every log a unique id', () => {
    const ids = DAY.map(({ json }) => parse(json).id);
    expect(new Set(ids).size).toBe(DAY.length);
    expect(
      ids.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toEqual([]);
  });

  test('has names that are a challenge for spreadsheets, mails and encodings', () => {
    const names = SESSIONS.map(({ json }) => parse(json).room_name);
    expect(names).toEqual(
      expect.arrayContaining(['=budget 2027 (draft)', 'R&D <prototypes>', '東京オフィス', 'all-hands']),
    );
  });
});
