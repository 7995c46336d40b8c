import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { archiveFirst } from '../../lambda/archive/revisions.ts';
import { billingDay } from '../../lambda/billing-day.ts';
import { FolderStore } from '../../operator/folder/folder-store.ts';
import { definitionOf, isView, tableInputs } from '../infrastructure/analytics/glue.ts';
import { synthesized } from '../infrastructure/synthesized.ts';
import { ACCOUNT, booksInto } from '../support/books.ts';
import { type Lake, openLake } from './lake.ts';

const template = synthesized();
const folder = mkdtempSync(join(tmpdir(), 'archive-'));
let lake: Lake;

// The only session of the day: without a room, begun in another time zone, with details that do not add up.
const LOG = {
  id: 'a',
  room_name: null,
  status: 'completed',
  created_at: '2026-11-22T09:00:03.25+01:00',
  charge: '0.1435',
  charge_details: [{ description: 'a "quoted" \\ text, with a comma', charge: '0.10' }],
};

beforeAll(async () => {
  const store = new FolderStore(folder);
  const log = { json: JSON.stringify(LOG), createdAt: LOG.created_at };
  const read = await booksInto(store, '2026-11-22', [log]);
  const { space, currency } = ACCOUNT;
  const at = Date.parse('2026-11-23T06:00:01.5Z');
  await archiveFirst(store, billingDay('2026-11-22', 'UTC'), read, {
    space,
    currency,
    at,
    notices: [],
  });
  lake = await openLake(template, { folder, now: '2026-11-23T08:00:00Z' });
});

afterAll(() => {
  lake.close();
  rmSync(folder, { recursive: true });
});

// DuckDB's names of types, if they differ from Trino's.
const TRINO_TYPES: Readonly<Record<string, string>> = { TIMESTAMP_MS: 'timestamp(3)' };

describe.each(
  tableInputs(template)
    .filter(isView)
    .map((view) => [view.Name, view] as const),
)('the view %s', (name, view) => {
  test('returns exactly the columns that it declares', async () => {
    const found = await lake.query(`SELECT column_name, column_type FROM (DESCRIBE ${name})`);
    const columns = found.map(({ column_name, column_type }) => ({
      name: column_name,
      type: TRINO_TYPES[String(column_type)] ?? String(column_type).toLowerCase(),
    }));
    expect(columns).toEqual(definitionOf(view).columns);
  });
});

describe('an empty cell', () => {
  test.each([
    ['of text', 'room_name', 'room_charges'],
    ['of an instant', 'x_endedat', 'line_items'],
    ['of a number', 'x_detailindex', 'line_items'],
  ])('%s is null', async (_, column, view) => {
    expect(await lake.query(`SELECT ${column} AS cell FROM ${view}`)).toEqual([{ cell: null }]);
  });
});

test('an instant is in UTC, whatever its offset was', async () => {
  expect(await lake.query('SELECT x_createdat AS instant FROM line_items')).toEqual([
    { instant: '2026-11-22 08:00:03.25' },
  ]);
});

test('JSON in a cell stays as it was', async () => {
  const [row] = await lake.query('SELECT x_chargedetails AS json FROM line_items');
  expect(JSON.parse(String(row?.['json']))).toEqual(LOG.charge_details);
});

test('a line item can be named as FOCUS writes its columns', async () => {
  expect(await lake.query("SELECT BilledCost FROM line_items WHERE x_LogId = 'a'")).toEqual([
    { billedcost: '0.143500000000000000' },
  ]);
});

test('a day has the figures of its manifest', async () => {
  expect(await lake.query('SELECT * FROM days')).toEqual([
    {
      day: '2026-11-22',
      time_zone: 'UTC',
      space: 'example',
      revision: '1',
      archived_at: '2026-11-23 06:00:01.5',
      charge: '0.143500000000000000',
      currency: 'USD',
      rooms: '1',
      sessions: '1',
      in_progress_sessions: '0',
      deleted_logs: '0',
    },
  ]);
});

test('a first reading is a revision, too', async () => {
  expect(await lake.query('SELECT * FROM revisions')).toEqual([
    {
      day: '2026-11-22',
      revision: '1',
      archived_at: '2026-11-23 06:00:01.5',
      charge: '0.143500000000000000',
      currency: 'USD',
      sessions: '1',
      reason: 'first reading',
      restated_by: null,
    },
  ]);
});
