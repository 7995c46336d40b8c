import type { ArchivedFile } from '../../lambda/archive/manifest.ts';
import { sha256 } from '../../lambda/archive/sha256.ts';

/**
 * Checks that a file is what the manifest says.
 *
 * @param stored the version that the manifest names; null if it is gone
 * @returns what is wrong, in plain words
 */
export function checkFile({ key, sha256: expected, bytes }: ArchivedFile, stored: Buffer | null): string[] {
  if (stored === null) return [`${key}: the version that the manifest names is gone`];
  const problems: string[] = [];
  const actual = sha256(stored);
  if (actual !== expected) problems.push(`${key}: SHA-256 is ${actual}, the manifest says ${expected}`);
  if (stored.length !== bytes) problems.push(`${key}: ${stored.length} bytes, the manifest says ${bytes}`);
  return problems;
}

/** @param rows counted in the file, without its header */
export function checkRowCount({ key, rows: recorded }: ArchivedFile, rows: number): string[] {
  return rows === recorded ? [] : [`${key}: ${rows} rows, the manifest says ${recorded}`];
}

/**
 * Checks that whoever opens the object without naming a version gets the one that the manifest names.
 *
 * @param current null if there is none
 */
export function checkCurrent({ key, sha256: expected }: ArchivedFile, current: Buffer | null): string[] {
  if (current === null) return [`${key}: there is no current object`];
  return sha256(current) === expected
    ? []
    : [`${key}: the current object is not the one that the manifest names`];
}
