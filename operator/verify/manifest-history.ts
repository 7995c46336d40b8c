import { manifestKey } from '../../lambda/archive/layout.ts';
import { type Manifest, parseManifest } from '../../lambda/archive/manifest.ts';
import { sha256 } from '../../lambda/archive/sha256.ts';
import type { AuditedArchive } from './archive.ts';

/** A version of a day's manifest. */
export interface ManifestVersion {
  readonly versionId: string;
  /** Hexadecimal, of its bytes. */
  readonly sha256: string;
  /** Null if the bytes are not a manifest. */
  readonly manifest: Manifest | null;
}

/**
 * Every version of a day's manifest, oldest first. Null if the archive keeps no versions.
 *
 * @throws ArchiveError
 */
export async function readManifestHistory(
  { store, versionsOf }: AuditedArchive,
  day: string,
): Promise<ManifestVersion[] | null> {
  if (versionsOf === null) return null;
  const key = manifestKey(day);
  const versions: ManifestVersion[] = [];
  for (const versionId of await versionsOf(key)) {
    const object = await store.get(key, versionId);
    if (object === null) continue;
    const { body } = object;
    versions.push({ versionId, sha256: sha256(body), manifest: parseOrNull(body) });
  }
  return versions;
}

function parseOrNull(bytes: Buffer): Manifest | null {
  try {
    return parseManifest(bytes, '');
  } catch {
    return null;
  }
}

/** What the versions of a manifest show together. */
export interface History {
  /** By revision: the manifest of each revision before the current one, as it was first written. */
  readonly earlier: ReadonlyMap<number, Manifest>;
  readonly problems: readonly string[];
  /** What an auditor should know although all is well now. */
  readonly notes: readonly string[];
}

/**
 * Finds the genuine manifest of each revision: the one that was written first with its number. The job writes each
 * number once and never goes back, so any other was put there by somebody else.
 *
 * @param versions oldest first; the last one is the current one
 */
export function sortHistory(versions: readonly ManifestVersion[]): History {
  const current = versions.at(-1);
  const genuine = new Map<number, ManifestVersion>();
  const problems: string[] = [];
  const notes: string[] = [];
  for (const version of versions) {
    const { versionId, sha256, manifest } = version;
    if (manifest === null) {
      notes.push(`version ${versionId} of the manifest can't be read`);
      continue;
    }
    const first = genuine.get(manifest.revision);
    if (first === undefined) genuine.set(manifest.revision, version);
    else if (first.sha256 !== sha256 && version !== current && sha256 !== current?.sha256) {
      notes.push(
        `version ${versionId} of the manifest is not the one first written as revision ${manifest.revision}`,
      );
    }
  }
  const number = current?.manifest?.revision ?? 0;
  const first = genuine.get(number);
  if (first !== undefined && first.sha256 !== current?.sha256) {
    problems.push(
      `the manifest is not the one first written as revision ${number}: that is version ${first.versionId}`,
    );
  }
  const latest = Math.max(...genuine.keys());
  if (latest > number)
    problems.push(
      `the bucket holds a manifest of revision ${latest}, but the current one is revision ${number}`,
    );
  const earlier = [...genuine].flatMap(([revision, { manifest }]): [number, Manifest][] =>
    manifest === null || revision >= number ? [] : [[revision, manifest]],
  );
  return { earlier: new Map(earlier), problems, notes };
}
