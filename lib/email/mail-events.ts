import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import {
  CloudWatchDimensionSource,
  ConfigurationSet,
  EmailSendingEvent,
  EventDestination,
} from 'aws-cdk-lib/aws-ses';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

// SES itself tags each mail with the name of its configuration set.
const DIMENSION = 'ses:configuration-set';

export interface MailEventsProps {
  /** Where mail events are published. */
  readonly topic: ITopic;
}

/** An SES configuration set that reports problems with mails after SES accepted them. */
export class MailEvents extends Construct {
  readonly configurationSetName: string;

  constructor(scope: Construct, id: string, { topic }: MailEventsProps) {
    super(scope, id);
    const { BOUNCE, COMPLAINT, REJECT, DELIVERY_DELAY } = EmailSendingEvent;
    const configurationSet = new ConfigurationSet(this, 'ConfigurationSet');
    configurationSet.addEventDestination('ToAlarmTopic', {
      destination: EventDestination.snsTopic(topic),
      events: [BOUNCE, COMPLAINT, REJECT, DELIVERY_DELAY],
    });
    configurationSet.addEventDestination('ToMetrics', {
      destination: EventDestination.cloudWatchDimensions([
        { name: DIMENSION, source: CloudWatchDimensionSource.MESSAGE_TAG, defaultValue: 'none' },
      ]),
      events: [BOUNCE],
    });
    this.configurationSetName = configurationSet.configurationSetName;
  }

  /** The number of mails per hour that a recipient's server refused for good. */
  metricBounces(): Metric {
    return new Metric({
      namespace: 'AWS/SES',
      metricName: 'Bounce',
      dimensionsMap: { [DIMENSION]: this.configurationSetName },
      statistic: Stats.SUM,
      period: Duration.hours(1),
    });
  }
}
