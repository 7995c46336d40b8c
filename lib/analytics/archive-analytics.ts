import { Stack } from 'aws-cdk-lib';
import { CfnNamedQuery } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { lineItemsKey, roomChargesKey } from '../../lambda/archive/layout.ts';
import { ROOM_CHARGE_COLUMNS } from '../../lambda/archive/room-charges-csv.ts';
import { LINE_ITEM_COLUMNS } from '../../lambda/charges/line-item.ts';
import type { AccessLogs } from '../access-logs.ts';
import { AthenaView } from './athena-view.ts';
import { DayFilesTable } from './day-files-table.ts';
import { ManifestsTable } from './manifests-table.ts';
import { archiveQueries } from './queries.ts';
import { QueryWorkgroup } from './query-workgroup.ts';
import { LINE_ITEMS_TABLE, MANIFESTS_TABLE, ROOM_CHARGES_TABLE } from './tables.ts';
import { VIEWS } from './views.ts';

// Fixed names: a view contains its database's name in an encoded text, where CloudFormation can't fill it in.
const DATABASE = 'video_cost_report';
const WORKGROUP = 'video-cost-report';

export interface ArchiveAnalyticsProps {
  readonly archive: Bucket;
  readonly accessLogs: AccessLogs;
  /** `YYYY-MM-DD`: the first day that queries look for. */
  readonly firstDay: string;
  /** IANA time zone in which a billing day ends. */
  readonly timeZone: string;
}

/** SQL over the files of the archive: tables, views and saved queries in Athena. Nothing runs until a query does. */
export class ArchiveAnalytics extends Construct {
  readonly databaseName: string;
  readonly workgroupName: string;

  constructor(scope: Construct, id: string, props: ArchiveAnalyticsProps) {
    super(scope, id);
    const { archive, accessLogs, firstDay, timeZone } = props;
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Stack.of(this).account,
      databaseInput: { name: DATABASE, description: 'The archive of SignalWire video costs' },
    });
    const tables = [
      new DayFilesTable(this, 'RoomChargesTable', {
        database: DATABASE,
        tableName: ROOM_CHARGES_TABLE,
        description: 'room-charges.csv of each day, every cell as text',
        archive,
        keyOf: roomChargesKey,
        columns: ROOM_CHARGE_COLUMNS,
        firstDay,
      }),
      new DayFilesTable(this, 'LineItemsTable', {
        database: DATABASE,
        tableName: LINE_ITEMS_TABLE,
        description: 'line-items.csv of each day, every cell as text',
        archive,
        keyOf: lineItemsKey,
        columns: LINE_ITEM_COLUMNS,
        firstDay,
      }),
      new ManifestsTable(this, 'ManifestsTable', {
        database: DATABASE,
        tableName: MANIFESTS_TABLE,
        archive,
      }),
    ];
    const views = VIEWS.map(
      (view) => new AthenaView(this, `View-${view.name}`, { database: DATABASE, view }),
    );
    for (const table of [...tables, ...views]) table.addResourceDependency(database);

    const workgroup = new QueryWorkgroup(this, 'Workgroup', { workgroupName: WORKGROUP, accessLogs });
    for (const { name, description, sql } of archiveQueries(timeZone)) {
      new CfnNamedQuery(this, `Query-${name.replaceAll(' ', '')}`, {
        name,
        description,
        database: database.ref,
        workGroup: workgroup.name,
        queryString: sql,
      });
    }

    this.databaseName = database.ref;
    this.workgroupName = workgroup.name;
  }
}
