import { describe, expect, test } from '@jest/globals';
import { synthesized } from '../synthesized.ts';
import { definitionOf, isView, tableInput, tableInputs } from './glue.ts';

const template = synthesized();
const views = tableInputs(template).filter(isView);

// Trino's name of a type, and Hive's.
const HIVE_TYPES: Readonly<Record<string, string>> = {
  varchar: 'string',
  bigint: 'bigint',
  date: 'date',
  'timestamp(3)': 'timestamp',
  'decimal(38,18)': 'decimal(38,18)',
};

test('there are four views', () => {
  expect(views.map(({ Name }) => Name).sort()).toEqual(['days', 'line_items', 'revisions', 'room_charges']);
});

describe.each(views.map((view) => [view.Name, view] as const))('the view %s', (_, view) => {
  test('looks like one that Athena created itself', () => {
    expect(view).toMatchObject({
      Parameters: { presto_view: 'true', comment: 'Presto View' },
      ViewExpandedText: '/* Presto View */',
    });
    expect(definitionOf(view)).toMatchObject({ catalog: 'awsdatacatalog', schema: 'video_cost_report' });
  });

  test('has the same columns for Glue as for Athena', () => {
    expect(view.StorageDescriptor.Columns).toEqual(
      definitionOf(view).columns.map(({ name, type }) => ({ Name: name, Type: HIVE_TYPES[type] })),
    );
  });

  test('says how it is read, although there is nothing to read', () => {
    expect(view.StorageDescriptor.SerdeInfo).toEqual({ Name: '-', SerializationLibrary: '-' });
  });
});

test('room charges have decimals and a date', () => {
  expect(definitionOf(tableInput(template, 'room_charges')).columns).toEqual([
    { name: 'day', type: 'date' },
    { name: 'space', type: 'varchar' },
    { name: 'room_name', type: 'varchar' },
    { name: 'sessions', type: 'bigint' },
    { name: 'in_progress_sessions', type: 'bigint' },
    { name: 'duration_seconds', type: 'bigint' },
    { name: 'charge', type: 'decimal(38,18)' },
    { name: 'currency', type: 'varchar' },
  ]);
});

test('line items have all columns of the file, some of them typed', () => {
  const { columns } = definitionOf(tableInput(template, 'line_items'));
  expect(columns).toHaveLength(41);
  expect(columns.filter(({ type }) => type !== 'varchar')).toEqual([
    { name: 'day', type: 'date' },
    { name: 'billedcost', type: 'decimal(38,18)' },
    { name: 'billingperiodend', type: 'timestamp(3)' },
    { name: 'billingperiodstart', type: 'timestamp(3)' },
    { name: 'chargeperiodend', type: 'timestamp(3)' },
    { name: 'chargeperiodstart', type: 'timestamp(3)' },
    { name: 'contractedcost', type: 'decimal(38,18)' },
    { name: 'effectivecost', type: 'decimal(38,18)' },
    { name: 'listcost', type: 'decimal(38,18)' },
    { name: 'x_createdat', type: 'timestamp(3)' },
    { name: 'x_startedat', type: 'timestamp(3)' },
    { name: 'x_endedat', type: 'timestamp(3)' },
    { name: 'x_detailindex', type: 'bigint' },
    { name: 'x_discardedat', type: 'timestamp(3)' },
    { name: 'x_lastseenrevision', type: 'bigint' },
  ]);
});
