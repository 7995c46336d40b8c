import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { InvalidConfigurationError } from '../lambda/errors.ts';
import { CostReportStack } from '../lib/cost-report-stack.ts';
import { reportProps } from '../lib/settings.ts';

const app = new App();
// A finding that is not acknowledged with a reason stops the synthesis.
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

try {
  new CostReportStack(app, 'SignalWireVideoCostReport', {
    settings: reportProps(app.node.tryGetContext('report'), 'context.report in cdk.json'),
  });
} catch (error) {
  if (!(error instanceof InvalidConfigurationError)) throw error;
  // Whoever mistyped a setting needs its name, not a stack trace.
  console.error(error.message);
  process.exit(1);
}
