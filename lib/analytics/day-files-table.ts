import { dirname } from 'node:path/posix';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ArchiveTable } from './archive-table.ts';

export interface DayFilesTableProps {
  /** The Glue database. */
  readonly database: string;
  readonly tableName: string;
  readonly description: string;
  readonly archive: Bucket;
  /** Where a day's file lies in the archive. */
  readonly keyOf: (day: string) => string;
  /** Names of the file's columns, in its order. */
  readonly columns: readonly string[];
  /** `YYYY-MM-DD`, the first day to look for. */
  readonly firstDay: string;
}

/**
 * One CSV file a day, in a folder that bears the day in its name. Athena works out which folders there may be (its
 * "partition projection"), so that nobody has to register each new day.
 */
export class DayFilesTable extends ArchiveTable {
  constructor(scope: Construct, id: string, props: DayFilesTableProps) {
    const folder = dirname(props.keyOf('${day}'));
    super(scope, id, {
      database: props.database,
      tableName: props.tableName,
      description: props.description,
      location: props.archive.s3UrlForObject(`${dirname(folder)}/`),
      columns: props.columns.map((column) => ({ name: columnName(column), type: 'string' })),
      // A text, as in all of AWS's own examples; the views make a date of it.
      partitionKeys: [{ name: 'day', type: 'string' }],
      serde: {
        library: 'org.apache.hadoop.hive.serde2.OpenCSVSerde',
        parameters: {
          separatorChar: ',',
          quoteChar: '"',
          // Unless told otherwise this reader takes the backslash for an escape character and drops it, which breaks
          // JSON in a cell. It can't do without one, so it gets a character that does not occur.
          escapeChar: '\u0001',
        },
      },
      parameters: {
        'skip.header.line.count': '1',
        'projection.enabled': 'true',
        'projection.day.type': 'date',
        'projection.day.format': 'yyyy-MM-dd',
        'projection.day.range': `${props.firstDay},NOW`,
        'projection.day.interval': '1',
        'projection.day.interval.unit': 'DAYS',
        'storage.location.template': props.archive.s3UrlForObject(folder),
      },
    });
  }
}

/**
 * Glue knows no capitals. And a column of the file can't be called `day`, for that is what the folders' column is
 * called, and a table can't have both.
 */
function columnName(column: string): string {
  return column === 'day' ? 'billing_day' : column.toLowerCase();
}
