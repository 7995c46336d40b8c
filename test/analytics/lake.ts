import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Template } from 'aws-cdk-lib/assertions';
import { definitionOf, isView, type TableInput, tableInputs } from '../infrastructure/analytics/glue.ts';
import { resources } from '../infrastructure/synthesized.ts';

/** An archive in a folder, which is queried with what the stack would deploy to Athena. */
export interface Lake {
  /** Runs SQL and returns its rows, with every value as text. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Runs the saved query of that name. */
  ask(name: string): Promise<Record<string, unknown>[]>;
  close(): void;
}

export interface LakeOptions {
  /** The folder of an archive, with the keys as paths. */
  readonly folder: string;
  /** The current time for queries, ISO 8601. */
  readonly now: string;
}

/**
 * Opens an archive with the tables, views and queries of a template. DuckDB stands in for Athena: tables are translated
 * to DuckDB's, and the SQL of views and queries runs as it is deployed. Where DuckDB differs from Trino,
 * `TRINO_FUNCTIONS` and `atInstant` make up for it, and nothing else does.
 */
export async function openLake(template: Template, { folder, now }: LakeOptions): Promise<Lake> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const run = (sql: string): Promise<Record<string, unknown>[]> => rowsOf(connection, atInstant(sql, now));

  // Nothing may depend on the session's time zone.
  await run("SET TimeZone = 'Asia/Tokyo'");
  for (const macro of TRINO_FUNCTIONS) await run(macro);
  const inputs = tableInputs(template);
  for (const table of inputs.filter((input) => !isView(input))) {
    await run(`CREATE VIEW ${table.Name} AS SELECT * FROM ${readerOf(table, folder)}`);
  }
  for (const view of inputs.filter(isView)) {
    await run(`CREATE VIEW ${view.Name} AS ${definitionOf(view).originalSql}`);
  }

  const queries = new Map(
    resources(template, 'AWS::Athena::NamedQuery').map(({ Properties: { Name, QueryString } }) => [
      Name,
      String(QueryString),
    ]),
  );
  return {
    query: run,
    ask: async (name) => {
      const sql = queries.get(name);
      if (sql === undefined) throw new Error(`No saved query is called ${name}`);
      return run(sql);
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Functions of Trino that have a different name in DuckDB. */
const TRINO_FUNCTIONS = [
  'CREATE MACRO regexp_like(text, pattern) AS regexp_matches(text, pattern)',
  'CREATE MACRO from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMPTZ)',
  'CREATE MACRO cardinality(list) AS len(list)',
  'CREATE MACRO sequence(first, last) AS generate_series(first, last), ' +
    '(first, last, step) AS generate_series(first, last, step)',
];

/** Replaces the current time by a fixed instant. */
function atInstant(sql: string, now: string): string {
  return sql.replaceAll('current_timestamp', `TIMESTAMPTZ '${now}'`);
}

/**
 * DuckDB's expression to read a table's files, with the columns, header lines and locations from the Glue table. An
 * empty cell is empty text, as in Athena, and not null. One thing can't be tested in this way: Athena's reader ends a
 * row at every line break, even in quotes.
 */
function readerOf({ StorageDescriptor, Parameters, PartitionKeys = [] }: TableInput, folder: string): string {
  const { Columns, Location, SerdeInfo } = StorageDescriptor;
  const columns = structOf(Columns.map(({ Name, Type }) => [Name, duckType(Type)]));
  if (SerdeInfo.SerializationLibrary === 'org.openx.data.jsonserde.JsonSerDe') {
    const path = inFolder(Location, folder);
    return `read_json('${path}*', format = 'newline_delimited', columns = ${withKeysOf(path, columns)})`;
  }
  const files = inFolder(Parameters['storage.location.template'], folder).replace('${day}', '*');
  const keys = structOf(PartitionKeys.map(({ Name, Type }) => [Name, duckType(Type)]));
  const { separatorChar, quoteChar } = SerdeInfo.Parameters;
  return (
    `read_csv('${files}/*', auto_detect = false, columns = ${columns}, skip = ${String(Parameters['skip.header.line.count'])}, ` +
    `header = false, delim = '${separatorChar}', quote = '${quoteChar}', escape = '${quoteChar}', new_line = '\\r\\n', ` +
    `nullstr = '\u0001', hive_partitioning = true, hive_types = ${keys})`
  );
}

/** Athena is configured to ignore the case of keys. DuckDB can't, so it gets the keys as the first file spells them. */
function withKeysOf(path: string, columns: string): string {
  const [first = ''] = readdirSync(path);
  const keys = readFileSync(join(path, first), 'utf8').matchAll(/"(\w+)":/g);
  return [...keys].reduce(
    (text, [, key = '']) => text.replace(new RegExp(`\\b${key}\\b`, 'gi'), key),
    columns,
  );
}

function structOf(fields: readonly (readonly [name: string, type: string])[]): string {
  return `{${fields.map(([name, type]) => `'${name}': '${type}'`).join(', ')}}`;
}

/** `array<struct<a:string>>` is `STRUCT("a" VARCHAR)[]`. */
function duckType(hiveType: string): string {
  const [, element] = /^array<(.*)>$/.exec(hiveType) ?? [];
  if (element !== undefined) return `${duckType(element)}[]`;
  const [, fields] = /^struct<(.*)>$/.exec(hiveType) ?? [];
  if (fields === undefined) return hiveType === 'string' ? 'VARCHAR' : hiveType.toUpperCase();
  const list = fields.split(',').map((field) => field.split(':'));
  return `STRUCT(${list.map(([name = '', type = '']) => `"${name}" ${duckType(type)}`).join(', ')})`;
}

/** Converts `s3://<bucket>/…` to the path in the folder. */
function inFolder(url: unknown, folder: string): string {
  const [, parts] = (url as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
  const [scheme, , path] = parts;
  if (scheme !== 's3://' || typeof path !== 'string')
    throw new Error(`Not in a bucket: ${JSON.stringify(url)}`);
  return `${folder}${path}`;
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJson();
}
