import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach } from '@jest/globals';
import type { Cloud } from '../../local/cloud.ts';
import { type PostedAnswer, type RuntimeApi, startRuntimeApi } from '../../local/runtime-api.ts';

/** The path of the aws-lambda-ric program; empty if it is not built. */
export const RIC = process.env['LAMBDA_RIC'] ?? '';

/** The bundle in a process as Lambda starts it. */
export interface Container {
  readonly pid: number;
  /** @param timeoutMs the remaining time that is announced to the function */
  invoke(event: unknown, timeoutMs?: number): Promise<PostedAnswer>;
  /** Ends the process as Lambda ends a function whose time is over. */
  kill(): Promise<void>;
}

const openings: { api: RuntimeApi; child: ChildProcess }[] = [];

afterEach(async () => {
  for (const { api, child } of openings.splice(0)) {
    await end(child);
    await api.close();
  }
});

/** Starts the bundle under aws-lambda-ric; it ends with the test. */
export async function startContainer(cloud: Cloud): Promise<Container> {
  const assetDir = process.env['BUNDLE_UNDER_TEST'] ?? '';
  const api = await startRuntimeApi();
  const child = spawn(process.execPath, [RIC, 'index.handler'], {
    cwd: assetDir,
    stdio: 'ignore',
    env: {
      ...cloud.environment(),
      AWS_LAMBDA_RUNTIME_API: new URL(api.url).host,
      AWS_LAMBDA_FUNCTION_NAME: 'report',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_LOG_GROUP_NAME: '/report',
      AWS_LAMBDA_LOG_STREAM_NAME: '1',
      LAMBDA_TASK_ROOT: assetDir,
      _HANDLER: 'index.handler',
    },
  });
  openings.push({ api, child });
  const ended = once(child, 'exit').then(([code]: unknown[]) => {
    throw new Error(`The process has ended: ${String(code)}`);
  });
  // An error is reported wherever this is awaited.
  ended.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    invoke: (event, timeoutMs = 900_000) => Promise.race([api.invoke(event, timeoutMs), ended]),
    kill: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
