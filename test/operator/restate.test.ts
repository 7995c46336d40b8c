import { expect, test } from '@jest/globals';
import { BUCKET } from '../../local/cloud.ts';
import { sessionLog } from '../support/logs.ts';
import { DAYS, deploy, LOGS, refuseDay } from './support/deployed.ts';
import { runTool } from './support/tool.ts';

const [DAY] = DAYS;
const RESTATE = ['restate', '--day', DAY];

test('a late charge is shown with the figures before and after; without one, or for a new day, nothing is restated', async () => {
  const deployed = await deploy();
  const { environment, cloud } = deployed;
  for (const isArchived of [false, true]) {
    expect(cloud.s3.bucket(BUCKET).keys().includes(`manifests/day=${DAY}.json`)).toBe(isArchived);
    expect(await runTool(RESTATE, environment)).toEqual({
      status: 0,
      stderr: '',
      stdout: 'Nothing was restated: no archived figure changed. 2026-11-16 is at revision 1, 1.35 USD.\n',
    });
  }
  cloud.signalWire.logs = [...LOGS, sessionLog('late', { createdAt: `${DAY}T23:00:00Z`, charge: '0.0007' })];
  expect(await runTool(RESTATE, environment)).toEqual({
    status: 0,
    stderr: '',
    stdout: [
      '┌────────────┬──────────┬──────────┬────────────┬─────────────┐',
      '│ Day        │ Revision │   Before │      After │  Difference │',
      '├────────────┼──────────┼──────────┼────────────┼─────────────┤',
      '│ 2026-11-16 │        2 │ 1.35 USD │ 1.3507 USD │ +0.0007 USD │',
      '└────────────┴──────────┴──────────┴────────────┴─────────────┘',
      '',
    ].join('\n'),
  });
  expect(deployed.events()).toEqual([
    { day: DAY, restate: true },
    { day: DAY, restate: true },
    { day: DAY, restate: true },
  ]);
});

test('a failure of the function is shown with its own name and message', async () => {
  const deployed = await deploy();
  refuseDay(deployed, DAY);
  const { status, stdout, stderr } = await runTool(RESTATE, deployed.environment);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^SignalWireRejectedError: .*403.*\n$/);
});
