import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { startLambdaProcess } from '../../local/lambda-process.ts';
import { sessionLog } from '../support/logs.ts';
import { openMorning, SCHEDULED, SIX_O_CLOCK } from '../support/morning.ts';

// Below node_modules, where it finds the same libraries that a separate app would have installed.
const CONSUMER = resolve('node_modules/.cache/video-cost-report/consumer');
const INSTALLED = join(CONSUMER, 'node_modules/signalwire-video-cost-report');

const APP = `import { App, Stack } from 'aws-cdk-lib';
import { DailyCostReport, type DailyCostReportProps } from 'signalwire-video-cost-report';

const props: DailyCostReportProps = {
  spaceUrl: 'https://example.signalwire.com',
  secretName: 'signalwire/video-cost-report',
  emailFrom: 'costs@example.com',
  emailTo: ['finance@example.com'],
  alarmEmails: ['infra@example.com'],
};

const app = new App({ outdir: 'cdk.out' });
const costs = new DailyCostReport(new Stack(app, 'Finance'), 'VideoCosts', props);
export const bucketName: string = costs.archive.bucketName;
app.synth();
`;

/** Another app that has the package installed, as npm packs it. */
function install(): void {
  rmSync(CONSUMER, { recursive: true, force: true });
  mkdirSync(INSTALLED, { recursive: true });
  execFileSync('npm', ['pack', '--silent', '--pack-destination', CONSUMER], { stdio: 'pipe' });
  const [archive = ''] = readdirSync(CONSUMER).filter((name) => name.endsWith('.tgz'));
  execFileSync('tar', ['-xzf', join(CONSUMER, archive), '--strip-components=1', '-C', INSTALLED]);
  writeFileSync(join(CONSUMER, 'package.json'), '{"name":"finance","private":true,"type":"module"}');
  writeFileSync(join(CONSUMER, 'package-lock.json'), '{"name":"finance","lockfileVersion":3}');
  writeFileSync(join(CONSUMER, 'app.ts'), APP);
}

function node(program: string, args: readonly string[] = []): void {
  const PATH = `${resolve('node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  const env = { ...process.env, NODE_OPTIONS: '', PATH };
  execFileSync(process.execPath, [program, ...args], { cwd: CONSUMER, env, stdio: 'pipe' });
}

describe('the published package', () => {
  beforeAll(install, 240_000);

  test('contains its code, its types and its documentation, but neither tests nor sources', () => {
    expect(readdirSync(INSTALLED).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'docs', 'package.json']);
    expect(existsSync(join(INSTALLED, 'docs/runbook.md'))).toBe(true);
    expect(
      readdirSync(join(INSTALLED, 'dist'), { recursive: true }).filter((name) =>
        /(?<!\.d)\.tsx?$/.test(String(name)),
      ),
    ).toEqual([]);
  });

  test('provides another app with the construct and its types, and its function works', async () => {
    const strict = [
      '--strict',
      '--exactOptionalPropertyTypes',
      '--skipLibCheck',
      '--types',
      'node',
      '--ignoreConfig',
    ];
    node(resolve('node_modules/typescript/bin/tsc'), [
      'app.ts',
      ...strict,
      '--module',
      'nodenext',
      '--target',
      'es2024',
    ]);
    node('app.js');
    const template = JSON.parse(readFileSync(join(CONSUMER, 'cdk.out/Finance.template.json'), 'utf8')) as {
      Resources: Record<string, { Type: string }>;
    };
    const functions = Object.entries(template.Resources).filter(
      ([, { Type }]) => Type === 'AWS::Lambda::Function',
    );
    expect(functions.map(([id]) => id)).toEqual([expect.stringMatching(/^VideoCostsReport/)]);
    const asset = readdirSync(join(CONSUMER, 'cdk.out')).find((name) => name.startsWith('asset.')) ?? '';
    const { cloud } = await openMorning({ logs: [sessionLog('yesterday')] });
    const lambda = await startLambdaProcess({
      assetDir: join(CONSUMER, 'cdk.out', asset),
      environment: cloud.environment(),
      clock: SIX_O_CLOCK,
    });
    const { result } = await lambda.invoke(SCHEDULED);
    await lambda.close();
    expect(result).toMatchObject({ reports: [{ status: 'delivered', charge: '0.10' }] });
  }, 240_000);
});
