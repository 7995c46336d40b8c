import { Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import { selectOf, type View } from './view.ts';

export interface AthenaViewProps {
  /** Name of the Glue database: a literal, not a reference, since it goes into the encoded text. */
  readonly database: string;
  readonly view: View;
}

/**
 * A view, stored as Athena itself stores it. CloudFormation has no resource for views: to Glue, a view is a table
 * without files, whose text is what Trino's Hive connector calls a "Presto view". Trino refuses a view if the types of
 * its query differ from those declared beside it, so both are made from the same columns.
 */
export class AthenaView extends CfnTable {
  constructor(scope: Construct, id: string, { database, view }: AthenaViewProps) {
    const definition = {
      originalSql: selectOf(view),
      catalog: 'awsdatacatalog',
      schema: database,
      columns: view.columns.map(({ name, type }) => ({ name, type: type.trino })),
    };
    const encoded = Buffer.from(JSON.stringify(definition)).toString('base64');
    super(scope, id, {
      catalogId: Stack.of(scope).account,
      databaseName: database,
      tableInput: {
        name: view.name,
        description: view.description,
        tableType: 'VIRTUAL_VIEW',
        parameters: { presto_view: 'true', comment: 'Presto View' },
        viewOriginalText: `/* Presto View: ${encoded} */`,
        viewExpandedText: '/* Presto View */',
        storageDescriptor: {
          columns: view.columns.map(({ name, type }) => ({ name, type: type.hive })),
          // There is nothing to read, but Athena refuses a table that does not say how to ("missing SerDe info").
          serdeInfo: { name: '-', serializationLibrary: '-' },
        },
      },
    });
  }
}
