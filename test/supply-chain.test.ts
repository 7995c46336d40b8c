import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

interface Lockfile {
  readonly packages: Readonly<
    Record<string, { readonly integrity?: string; readonly resolved?: string; readonly inBundle?: boolean }>
  >;
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

describe.each(['.', 'test/lambda-runtime/client'])('the dependencies in %s', (folder) => {
  const manifest = read(`${folder}/package.json`) as Record<string, Record<string, string> | undefined>;
  const lock = read(`${folder}/package-lock.json`) as Lockfile;

  test('are pinned to one version each', () => {
    const versions = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'].flatMap(
      (kind) => Object.values(manifest[kind] ?? {}),
    );
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+(?:-[\w.-]+)?$/.test(version))).toEqual([]);
  });

  test('are locked by their content, not by an address', () => {
    // A package bundled inside another one is locked with it.
    const unlocked = Object.entries(lock.packages).filter(
      ([path, { integrity, resolved, inBundle = false }]) =>
        path !== '' && ((integrity === undefined && !inBundle) || resolved !== undefined),
    );
    expect(unlocked).toEqual([]);
  });
});

interface Component {
  readonly name: string;
  readonly version: string;
  readonly hashes?: readonly { readonly alg: string }[];
  readonly properties?: readonly { readonly name: string }[];
}

test('npm run sbom lists every package as CycloneDX, with its version and hash, and marks the tools', () => {
  const { dependencies } = read('package.json') as { dependencies: Record<string, string> };
  const sbom = JSON.parse(
    execFileSync('npm', ['run', '--silent', 'sbom'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as { bomFormat: string; components: readonly Component[] };
  expect(sbom.bomFormat).toBe('CycloneDX');
  const find = (name: string, version?: string): Component | undefined =>
    sbom.components.find((one) => one.name === name && (version === undefined || one.version === version));
  const isTool = (name: string): boolean =>
    find(name)?.properties?.some((property) => property.name === 'cdx:npm:package:development') ?? false;

  const unlisted = Object.entries(dependencies).filter(
    ([name, version]) => find(name, version)?.hashes?.[0]?.alg !== 'SHA-512',
  );
  expect(unlisted).toEqual([]);
  expect(['jest', 'zod'].map(isTool)).toEqual([true, false]);
});

test('the workflow runs .ci/run, with actions pinned to a commit', () => {
  const workflow = readFileSync('.github/workflows/ci.yml', 'utf8');
  expect(workflow).toContain('      - run: .ci/run\n');
  const actions = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
  expect(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action ?? ''))).toEqual([]);
});
