/** A view: typed columns over a table whose cells are text. */
export interface View {
  readonly name: string;
  readonly description: string;
  /** The part of the query after FROM. */
  readonly from: string;
  readonly columns: readonly ViewColumn[];
}

export interface ViewColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** The expression that computes the column; its type is exactly the one above. */
  readonly sql: string;
}

/** A type by its name in Trino, which is Athena's engine, and in Hive, whose names Glue uses for its tables. */
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

/** Text as it is; null if the cell is empty. */
export function text(name: string, source = name): ViewColumn {
  return { name, type: { trino: 'varchar', hive: 'string' }, sql: `NULLIF(${source}, '')` };
}

/**
 * An exact amount: up to 20 digits before the point and 18 after it. A cast alone would round away a nineteenth decimal
 * and return null for a missing cell. So whatever does not fit is turned into a text that can't be cast: the query
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

/** A whole number; null if the cell is empty. */
export function count(name: string, source = name): ViewColumn {
  return { name, type: BIGINT, sql: `CAST(NULLIF(${source}, '') AS bigint)` };
}

/** A whole number that is already one in the table. */
export function typedCount(name: string, source = name): ViewColumn {
  return { name, type: BIGINT, sql: source };
}

/**
 * An instant; null if the cell is empty. It is in UTC and has no time zone: Hive, and many tools that show tables, have
 * no timestamp type with one.
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
