import { dirname } from 'node:path/posix';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { manifestKey } from '../../lambda/archive/layout.ts';
import type { Manifest } from '../../lambda/archive/manifest.ts';
import { ArchiveTable } from './archive-table.ts';

/** The manifest's fields that queries need, in lower case, as Glue requires. */
const COLUMNS = {
  day: 'string',
  timezone: 'string',
  space: 'string',
  currency: 'string',
  revision: 'bigint',
  charge: 'string',
  rooms: 'bigint',
  sessions: 'bigint',
  inprogresssessions: 'bigint',
  deletedlogs: 'bigint',
  notices: 'array<string>',
  revisions:
    'array<struct<revision:bigint,at:string,charge:string,sessions:bigint,reason:string,restatedby:string>>',
} satisfies Partial<Record<Lowercase<keyof Manifest>, string>>;

export interface ManifestsTableProps {
  /** The Glue database. */
  readonly database: string;
  readonly tableName: string;
  readonly archive: Bucket;
}

/** The manifests of all days: one JSON object per file, on one line. There are no folders per day, so all are read. */
export class ManifestsTable extends ArchiveTable {
  constructor(scope: Construct, id: string, { database, tableName, archive }: ManifestsTableProps) {
    super(scope, id, {
      database,
      tableName,
      description: 'The manifest of each archived day, with all its revisions',
      location: archive.s3UrlForObject(`${dirname(manifestKey('day'))}/`),
      columns: Object.entries(COLUMNS).map(([name, type]) => ({ name, type })),
      serde: {
        library: 'org.openx.data.jsonserde.JsonSerDe',
        // The manifest's `timeZone` is `timezone` here.
        parameters: { 'case.insensitive': 'true' },
      },
      parameters: {},
    });
  }
}
