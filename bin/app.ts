import { App } from 'aws-cdk-lib';
import { InvalidConfigurationError } from '../lambda/errors.ts';
import { CostReportStack } from '../lib/cost-report-stack.ts';
import { readReportSettings } from '../lib/settings.ts';

const app = new App();

try {
  new CostReportStack(app, 'SignalWireVideoCostReport', {
    settings: readReportSettings(app.node.tryGetContext('report')),
  });
} catch (error) {
  if (!(error instanceof InvalidConfigurationError)) throw error;
  // Whoever mistyped a setting needs its name, not a stack trace.
  console.error(error.message);
  process.exit(1);
}
