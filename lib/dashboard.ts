import { Duration } from 'aws-cdk-lib';
import {
  Dashboard,
  GraphWidget,
  GraphWidgetView,
  type IMetric,
  SingleValueWidget,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { ReportFunction } from './report-function.ts';
import { reportMetric } from './report-metrics.ts';

const A_DAY = Duration.days(1);
const HALF = 12;

export interface ReportDashboardProps {
  readonly report: ReportFunction;
  /** ISO 4217, of the charges. */
  readonly currency: string;
}

/** What was reported, and how the job is doing, day by day. */
export class ReportDashboard extends Construct {
  readonly dashboardName: string;

  constructor(scope: Construct, id: string, { report, currency }: ReportDashboardProps) {
    super(scope, id);
    const dashboard = new Dashboard(this, 'Resource', { defaultInterval: Duration.days(35) });
    dashboard.addWidgets(
      new TextWidget({
        width: 24,
        height: 2,
        markdown:
          "A day's figures are shown on the morning after, when its report was mailed. " +
          'Charts are approximate (floats); the exact figures are in the archive.',
      }),
    );
    dashboard.addWidgets(
      byDay(`Cost per day (${currency})`, [reportMetric('Charge', A_DAY).with({ label: 'Cost' })]),
      byDay('Sessions and rooms per day', [reportMetric('Sessions', A_DAY), reportMetric('Rooms', A_DAY)]),
    );
    dashboard.addWidgets(
      byDay(
        'SignalWire API: time per day (ms)',
        [reportMetric('ApiTime', A_DAY).with({ label: 'Time of all requests' })],
        [report.metricDuration({ statistic: Stats.MAXIMUM, period: A_DAY, label: 'Longest run' })],
      ),
      byDay(
        'SignalWire API: requests and retries per day',
        [reportMetric('ApiRequests', A_DAY).with({ label: 'Requests' })],
        [reportMetric('ApiRetries', A_DAY).with({ label: 'Retries' })],
      ),
    );
    dashboard.addWidgets(
      byDay('Delivery per day', [
        reportMetric('ReportDelivered', A_DAY).with({ label: 'Reports mailed' }),
        reportMetric('Restatements', A_DAY).with({ label: 'Days restated' }),
        reportMetric('RestatementFailures', A_DAY).with({ label: 'Days that could not be read again' }),
        report.metricErrors({ period: A_DAY, label: 'Failed runs' }),
      ]),
      new SingleValueWidget({
        title: 'Last day',
        width: HALF,
        height: 6,
        metrics: [
          reportMetric('ReportDelivered', A_DAY).with({ label: 'Reports mailed' }),
          reportMetric('Charge', A_DAY).with({ label: `Cost (${currency})` }),
          reportMetric('Sessions', A_DAY).with({ label: 'Sessions' }),
        ],
      }),
    );
    this.dashboardName = dashboard.dashboardName;
  }
}

/** One point per day; a bar chart would show only the newest value of each metric. */
function byDay(title: string, left: IMetric[], right: IMetric[] = []): GraphWidget {
  return new GraphWidget({ title, width: HALF, height: 6, view: GraphWidgetView.TIME_SERIES, left, right });
}
