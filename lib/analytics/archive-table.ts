import { Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';

export interface ArchiveTableProps {
  /** The Glue database. */
  readonly database: string;
  readonly tableName: string;
  readonly description: string;
  /** `s3://…/`: the folder with all its files. */
  readonly location: string;
  readonly columns: readonly CfnTable.ColumnProperty[];
  /**
   * Columns whose values are in the names of the folders.
   *
   * @default - none
   */
  readonly partitionKeys?: readonly CfnTable.ColumnProperty[];
  /** The class that parses a line, and its parameters. */
  readonly serde: { readonly library: string; readonly parameters: Readonly<Record<string, string>> };
  /** Table properties in addition to `EXTERNAL`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A table over files of the archive, with one row per line, which Athena reads in place. */
export class ArchiveTable extends CfnTable {
  constructor(scope: Construct, id: string, props: ArchiveTableProps) {
    super(scope, id, {
      catalogId: Stack.of(scope).account,
      databaseName: props.database,
      tableInput: {
        name: props.tableName,
        description: props.description,
        tableType: 'EXTERNAL_TABLE',
        parameters: { EXTERNAL: 'TRUE', ...props.parameters },
        partitionKeys: [...(props.partitionKeys ?? [])],
        storageDescriptor: {
          columns: [...props.columns],
          location: props.location,
          inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          serdeInfo: { serializationLibrary: props.serde.library, parameters: props.serde.parameters },
        },
      },
    });
  }
}
