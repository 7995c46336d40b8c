import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { Invocation, LambdaProcess } from '../../local/lambda-process.ts';
import { sessionLog } from '../support/logs.ts';
import { type Morning, openMorning, SCHEDULED, SIX_O_CLOCK } from '../support/morning.ts';
import { DAY, statusOf } from './support/observations.ts';

const run = promisify(execFile);
const BUNDLE = process.env['BUNDLE_UNDER_TEST'] ?? '';
const PRINT_LOADED_FILES = new URL('./support/print-loaded-files.mjs', import.meta.url);
const MORNING = { logs: [sessionLog(1), sessionLog(2, { createdAt: '2026-11-21T12:00:00Z' })] };

/** Parts of the bundle that only some runs need, and words that occur only in them. */
const ON_DEMAND = {
  'the client for Secrets Manager': 'GetSecretValue',
  'the client for SignalWire': 'Check SIGNALWIRE_SPACE_URL, and whether a proxy',
  'the reader of CSV': 'CSV_INVALID_CLOSING_QUOTE',
  'the mail as HTML': '<!DOCTYPE html>',
  'the mail’s composer': 'multipart/alternative',
};

/** A container that prints which files it loads. */
function containerPrintingFiles(morning: Morning): Promise<LambdaProcess> {
  return morning.another(SIX_O_CLOCK, { NODE_OPTIONS: `--import=${PRINT_LOADED_FILES.href}` });
}

/** Which of these parts the container has loaded since its start. */
function loadedOnDemand({ stderr }: Invocation): string[] {
  const files = stderr.flatMap((line) => /^loads (file:.*)$/.exec(line)?.[1] ?? []);
  const code = files.map((url) => readFileSync(fileURLToPath(url), 'utf8')).join('\n');
  return Object.entries(ON_DEMAND).flatMap(([what, words]) => (code.includes(words) ? [what] : []));
}

test('at most 900 KB of JavaScript are deployed', () => {
  const files = readdirSync(BUNDLE);
  const bytes = files.reduce((sum, file) => sum + statSync(join(BUNDLE, file)).size, 0);
  expect(files.filter((file) => !file.endsWith('.mjs'))).toEqual([]);
  expect(files).toContain('index.mjs');
  expect(bytes).toBeLessThanOrEqual(900_000);
});

test('no part of it makes Node load its fetch library, which takes a sixth of a short cold start', async () => {
  const script = `
    const loads = () => process.moduleLoadList.filter((name) => name.endsWith('undici/undici')).length;
    for (const part of ${JSON.stringify(readdirSync(BUNDLE))}) await import(${JSON.stringify(`${BUNDLE}/`)} + part);
    console.log(loads());
    await import('node:http');
    console.log(loads());
  `;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script]);
  expect(stdout).toBe('0\n1\n');
});

describe('a container loads', () => {
  test('everything for a day that is read and mailed', async () => {
    const container = await containerPrintingFiles(await openMorning(MORNING));
    const invocation = await container.invoke(SCHEDULED);
    expect(statusOf(invocation)).toBe('delivered');
    expect(loadedOnDemand(invocation)).toEqual(Object.keys(ON_DEMAND));
  });

  test.each([
    ['the hourly event', SCHEDULED],
    ['its day', { day: DAY }],
  ])(
    'neither the SignalWire client nor the mail code for a day that is delivered: %s',
    async (_what, event) => {
      const morning = await openMorning(MORNING);
      await morning.run();
      const invocation = await (await containerPrintingFiles(morning)).invoke(event);
      expect(statusOf(invocation)).toBe('already-delivered');
      expect(invocation.stderr).toContainEqual(expect.stringMatching(/^loads file:.*\/index\.mjs$/));
      expect(loadedOnDemand(invocation)).toEqual([]);
    },
  );

  test('no mail code for a day that is only archived', async () => {
    const invocation = await (
      await containerPrintingFiles(await openMorning(MORNING))
    ).invoke({ day: DAY, email: false });
    expect(statusOf(invocation)).toBe('archived');
    expect(loadedOnDemand(invocation)).toEqual([
      'the client for Secrets Manager',
      'the client for SignalWire',
      'the reader of CSV',
    ]);
  });
});

test('a container creates its clients once: a later run begins on connections that an earlier one left open', async () => {
  const morning = await openMorning(MORNING);
  // SES is left out: each mail has a connection of its own.
  const { s3, secretsManager } = morning.cloud;
  const ports = [s3, secretsManager].map((server) => {
    const used: unknown[] = [];
    server.intercept = (_request, { socket }) => {
      used.push(socket?.remotePort);
      return false;
    };
    return used;
  });
  await morning.run();
  const before = ports.map((used) => used.splice(0));
  // It reads, archives and mails as well.
  expect(await morning.run({ day: '2026-11-21' })).toMatchObject({ reports: [{ status: 'delivered' }] });
  expect(ports.map(([first], index) => before[index]?.includes(first))).toEqual([true, true]);
});
