import { Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';

export interface ArchiveTableProps {
  /** The Glue database. */
  readonly database: string;
  readonly tableName: string;
  readonly description: string;
  /** `s3://…/`, the folder in which all its files lie. */
  readonly location: string;
  readonly columns: readonly CfnTable.ColumnProperty[];
  /**
   * Columns whose values stand in the folders' names.
   *
   * @default - none
   */
  readonly partitionKeys?: readonly CfnTable.ColumnProperty[];
  /** The class that reads a line, and what it has to be told. */
  readonly serde: { readonly library: string; readonly parameters: Readonly<Record<string, string>> };
  /** Table properties, beside `EXTERNAL`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Files of the archive, one line a row, as Athena reads them where they lie. */
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
