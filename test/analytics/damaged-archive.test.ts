import { appendFileSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { archiveFirst } from '../../lambda/archive/revisions.ts';
import { lineItemsKey, manifestKey, roomChargesKey } from '../../lambda/archive/layout.ts';
import { billingDay } from '../../lambda/billing-day.ts';
import { FolderStore } from '../../operator/folder/folder-store.ts';
import { synthesized } from '../infrastructure/synthesized.ts';
import { ACCOUNT, booksInto } from '../support/books.ts';
import { type Lake, openLake } from './lake.ts';

const DAY = '2026-11-22';
const CREATED_AT = `${DAY}T09:00:03Z`;

let folder: string;
const lakes: Lake[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'archive-'));
  const log = {
    id: 'a',
    room_name: 'standup',
    status: 'completed',
    created_at: CREATED_AT,
    charge: '0.1435',
  };
  const store = new FolderStore(folder);
  const read = await booksInto(store, DAY, [{ json: JSON.stringify(log), createdAt: CREATED_AT }]);
  const { space, currency } = ACCOUNT;
  const at = Date.parse('2026-11-23T06:00:00Z');
  await archiveFirst(store, billingDay(DAY, 'UTC'), read, {
    space,
    currency,
    at,
    notices: [],
  });
});

afterEach(() => {
  for (const lake of lakes.splice(0)) lake.close();
  rmSync(folder, { recursive: true });
});

async function openArchive(settings: object = {}, now = '2026-11-23T08:00:00Z'): Promise<Lake> {
  const lake = await openLake(synthesized(settings), { folder, now });
  lakes.push(lake);
  return lake;
}

function addRoom(cells: string): void {
  appendFileSync(join(folder, roomChargesKey(DAY)), `${DAY},example,${cells}\r\n`);
}

describe('days that do not add up', () => {
  test('do not exist in an archive as the job leaves it', async () => {
    const lake = await openArchive();
    expect(await lake.ask('Days that do not add up')).toEqual([]);
  });

  test('are those with a file that differs', async () => {
    addRoom('second,1,0,60,0.000000000000000001,USD');
    const lake = await openArchive();
    expect(await lake.ask('Days that do not add up')).toEqual([
      {
        day: DAY,
        manifest_charge: '0.143500000000000000',
        room_charges: '0.143500000000000001',
        line_items: '0.143500000000000000',
      },
    ]);
  });

  test.each([
    [roomChargesKey(DAY), { room_charges: null, line_items: '0.143500000000000000' }],
    [lineItemsKey(DAY), { room_charges: '0.143500000000000000', line_items: null }],
  ])('are those with a file that has lost its rows: %s', async (key, charges) => {
    const path = join(folder, key);
    const [header = ''] = readFileSync(path, 'utf8').split('\r\n');
    writeFileSync(path, `${header}\r\n`);
    const lake = await openArchive();
    expect(await lake.ask('Days that do not add up')).toEqual([
      { day: DAY, manifest_charge: '0.143500000000000000', ...charges },
    ]);
  });

  test('are those without a manifest', async () => {
    const day = '2026-11-21';
    const store = new FolderStore(folder);
    const { space, currency } = ACCOUNT;
    await archiveFirst(store, billingDay(day, 'UTC'), await booksInto(store, day, []), {
      space,
      currency,
      at: 0,
      notices: [],
    });
    unlinkSync(join(folder, manifestKey(DAY)));
    const lake = await openArchive();
    expect(await lake.ask('Days that do not add up')).toEqual([
      {
        day: DAY,
        manifest_charge: null,
        room_charges: '0.143500000000000000',
        line_items: '0.143500000000000000',
      },
    ]);
  });
});

describe('an amount that does not fit fails the query', () => {
  test.each([
    ['19 decimals', '0.1234567890123456789'],
    ['21 digits before the point', '100000000000000000000.00'],
    ['an exponent', '1e-7'],
    ['no amount at all', ''],
  ])('%s', async (_, charge) => {
    addRoom(`second,1,0,60,${charge},USD`);
    const lake = await openArchive();
    await expect(lake.ask('Cost by room and month')).rejects.toThrow(
      `not an exact amount of up to 18 decimals: ${charge}`,
    );
  });

  test.each(['0.123456789012345678', '99999999999999999999.00', '-0.000000000000000001'])(
    'but %s fits',
    async (charge) => {
      addRoom(`second,1,0,60,${charge},USD`);
      const lake = await openArchive();
      const [found] = await lake.query("SELECT charge FROM room_charges WHERE room_name = 'second'");
      expect(found).toEqual({ charge: charge.replace(/\.00$/, '.000000000000000000') });
    },
  );
});

describe('days missing', () => {
  // In Los Angeles it is still the evening of the 23rd.
  test.each([
    ['UTC', [{ missing_day: '2026-11-23' }]],
    ['America/Los_Angeles', []],
  ])('end with yesterday in %s', async (timeZone, expected) => {
    const lake = await openArchive({ timeZone }, '2026-11-24T07:30:00Z');
    expect(await lake.ask('Days missing')).toEqual(expected);
  });
});
