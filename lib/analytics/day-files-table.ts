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
  /** The key of a day's file in the archive. */
  readonly keyOf: (day: string) => string;
  /** Names of the file's columns, in order. */
  readonly columns: readonly string[];
  /** `YYYY-MM-DD`: the first day to look for. */
  readonly firstDay: string;
}

/**
 * A table with one CSV file per day, each in a folder with the day in its name. Athena computes which folders there may
 * be ("partition projection"), so nobody has to register each new day.
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
      // A string, as in all of AWS's own examples; the views convert it to a date.
      partitionKeys: [{ name: 'day', type: 'string' }],
      serde: {
        library: 'org.apache.hadoop.hive.serde2.OpenCSVSerde',
        parameters: {
          separatorChar: ',',
          quoteChar: '"',
          // By default this reader takes the backslash for an escape character and drops it, which breaks JSON in a
          // cell. It insists on an escape character, so it gets one that does not occur.
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
 * Glue's column names have no capitals. And a column of the file can't be called `day`, since the folders' column has
 * that name already.
 */
function columnName(column: string): string {
  return column === 'day' ? 'billing_day' : column.toLowerCase();
}
