/** A view: typed columns over a table whose cells are texts. */
export interface View {
  readonly name: string;
  readonly description: string;
  /** What follows FROM. */
  readonly from: string;
  readonly columns: readonly ViewColumn[];
}

export interface ViewColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** The expression that makes the column; it has exactly the type above. */
  readonly sql: string;
}

/** A type as Trino, Athena's engine, calls it, and as Hive does, in whose terms Glue keeps its tables. */
interface ColumnType {
  readonly trino: string;
  readonly hive: string;
}

const BIGINT: ColumnType = { trino: 'bigint', hive: 'bigint' };

/** The query that the view stands for. */
export function selectOf({ from, columns }: View): string {
  const list = columns.map(({ name, sql }) => (name === sql ? name : `${sql} AS ${name}`));
  return `SELECT\n  ${list.join(',\n  ')}\nFROM ${from}`;
}

/** Text as it is, null where the cell is empty. */
export function text(name: string, source = name): ViewColumn {
  return { name, type: { trino: 'varchar', hive: 'string' }, sql: `NULLIF(${source}, '')` };
}

/**
 * An exact amount: up to 20 digits before the point and 18 after it. A cast alone would round a nineteenth decimal
 * away and take a missing cell for nothing. So whatever does not fit is made a text that can't be cast: the query
 * fails and names it.
 */
export function amount(name: string, source = name): ViewColumn {
  const type = 'decimal(38,18)';
  const exact = `regexp_like(${source}, '^-?[0-9]{1,20}[.][0-9]{1,18}$')`;
  const problem = `concat('not an exact amount of up to 18 decimals: ', coalesce(${source}, 'no cell'))`;
  return {
    name,
    type: { trino: type, hive: type },
    sql: `CAST(CASE WHEN ${exact} THEN ${source} ELSE ${problem} END AS ${type})`,
  };
}

/** A whole number, null where the cell is empty. */
export function count(name: string, source = name): ViewColumn {
  return { name, type: BIGINT, sql: `CAST(NULLIF(${source}, '') AS bigint)` };
}

/** A whole number that the table knows as one. */
export function typedCount(name: string, source = name): ViewColumn {
  return { name, type: BIGINT, sql: source };
}

/**
 * An instant, null where the cell is empty. It is given in UTC and without a zone: Hive's types, and many tools that
 * show tables, know no timestamp with one.
 */
export function instant(name: string, source = name): ViewColumn {
  return {
    name,
    type: { trino: 'timestamp(3)', hive: 'timestamp' },
    sql: `CAST(from_iso8601_timestamp(NULLIF(${source}, '')) AT TIME ZONE 'UTC' AS timestamp(3))`,
  };
}

/** A calendar day. */
export function date(name: string, source = name): ViewColumn {
  return { name, type: { trino: 'date', hive: 'date' }, sql: `CAST(${source} AS date)` };
}
