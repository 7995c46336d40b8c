import { describe, expect, test } from '@jest/globals';
import { LINE_ITEM_COLUMNS } from '../../../lambda/charges/line-item.ts';
import { archiveOf, ref, resources, synthesized, theOnly } from '../synthesized.ts';
import { tableInput } from './glue.ts';

const template = synthesized();
const inArchive = (path: string): unknown => ({
  'Fn::Join': ['', ['s3://', ref(archiveOf(template)), path]],
});
const ofTexts = (names: readonly string[]): object[] => names.map((Name) => ({ Name, Type: 'string' }));

describe.each([
  ['room_charges_csv', 'room-charges'],
  ['line_items_csv', 'line-items'],
])('the table %s', (name, folder) => {
  const table = tableInput(template, name);

  test('has its location where the archive keeps these files', () => {
    expect(table.StorageDescriptor.Location).toEqual(inArchive(`/${folder}/`));
  });

  test('finds the folder of each day automatically, from the first day on', () => {
    expect(table.PartitionKeys).toEqual([{ Name: 'day', Type: 'string' }]);
    expect(table.Parameters).toEqual({
      EXTERNAL: 'TRUE',
      'skip.header.line.count': '1',
      'projection.enabled': 'true',
      'projection.day.type': 'date',
      'projection.day.format': 'yyyy-MM-dd',
      'projection.day.range': '2020-01-01,NOW',
      'projection.day.interval': '1',
      'projection.day.interval.unit': 'DAYS',
      'storage.location.template': inArchive(`/${folder}/day=\${day}`),
    });
  });

  test('looks for days from the first day in the settings on', () => {
    const { Parameters } = tableInput(synthesized({ firstArchivedDay: '2026-11-01' }), name);
    expect(Parameters['projection.day.range']).toBe('2026-11-01,NOW');
  });

  test('reads RFC 4180, in which the backslash has no special meaning', () => {
    expect(table.StorageDescriptor).toMatchObject({
      InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
      OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
      SerdeInfo: {
        SerializationLibrary: 'org.apache.hadoop.hive.serde2.OpenCSVSerde',
        Parameters: { separatorChar: ',', quoteChar: '"', escapeChar: '\u0001' },
      },
    });
  });

  test('has no column that is also the name of its folders', () => {
    expect(table.StorageDescriptor.Columns.map(({ Name }) => Name)).not.toContain('day');
  });
});

test('the columns of room-charges.csv are strings, and its day has another name', () => {
  expect(tableInput(template, 'room_charges_csv').StorageDescriptor.Columns).toEqual(
    ofTexts([
      'billing_day',
      'space',
      'room_name',
      'sessions',
      'in_progress_sessions',
      'duration_seconds',
      'charge',
      'currency',
    ]),
  );
});

test('the columns of line-items.csv are strings, with names in lower case', () => {
  const names = LINE_ITEM_COLUMNS.map((column) => column.toLowerCase());
  expect(tableInput(template, 'line_items_csv').StorageDescriptor.Columns).toEqual(ofTexts(names));
});

test('all tables and views are in the same database, and created after it', () => {
  const database = theOnly(template, 'AWS::Glue::Database');
  const inDatabase = resources(template, 'AWS::Glue::Table').map(({ Properties, DependsOn }) => ({
    name: Properties['DatabaseName'],
    catalog: Properties['CatalogId'],
    after: DependsOn,
  }));
  expect(database.Properties).toMatchObject({ DatabaseInput: { Name: 'video_cost_report' } });
  expect(new Set(inDatabase.map((table) => JSON.stringify(table)))).toEqual(
    new Set([
      JSON.stringify({
        name: 'video_cost_report',
        catalog: { Ref: 'AWS::AccountId' },
        after: [database.id],
      }),
    ]),
  );
});
