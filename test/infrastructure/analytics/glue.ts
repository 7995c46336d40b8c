import type { Template } from 'aws-cdk-lib/assertions';
import { resources } from '../synthesized.ts';

/** What Glue knows about a table or a view. */
export interface TableInput {
  readonly Name: string;
  readonly Description: string;
  readonly TableType: string;
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly PartitionKeys?: readonly Column[];
  readonly ViewOriginalText?: string;
  readonly ViewExpandedText?: string;
  readonly StorageDescriptor: {
    readonly Columns: readonly Column[];
    readonly Location?: unknown;
    readonly SerdeInfo: {
      readonly SerializationLibrary: string;
      readonly Parameters: Readonly<Record<string, string>>;
    };
  };
}

interface Column {
  readonly Name: string;
  readonly Type: string;
}

/** A view's definition, as Athena decodes it. */
export interface ViewDefinition {
  readonly originalSql: string;
  readonly catalog: string;
  readonly schema: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** All tables and views of a template. */
export function tableInputs(template: Template): TableInput[] {
  return resources(template, 'AWS::Glue::Table').map(
    ({ Properties }) => Properties['TableInput'] as TableInput,
  );
}

/** The table or the view of that name. */
export function tableInput(template: Template, name: string): TableInput {
  const found = tableInputs(template).find(({ Name }) => Name === name);
  if (found === undefined) throw new Error(`No table or view is called ${name}`);
  return found;
}

export function isView({ TableType }: TableInput): boolean {
  return TableType === 'VIRTUAL_VIEW';
}

export function definitionOf({ ViewOriginalText = '' }: TableInput): ViewDefinition {
  const [, encoded = ''] = /^\/\* Presto View: (\S+) \*\/$/.exec(ViewOriginalText) ?? [];
  return JSON.parse(Buffer.from(encoded, 'base64').toString()) as ViewDefinition;
}
