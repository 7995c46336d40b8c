import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from '../../lambda/archive/manifest.ts';
import { formatExact, parseArchived } from '../../lambda/money/money.ts';
import { formatSigned } from '../sums.ts';
import { type LogChanges, logChanges } from '../../lambda/charges/changes.ts';
import type { RevisionProof } from './revision-proof.ts';

/**
 * Checks that the revisions that a manifest records are numbered without gaps and lead to its own figures.
 *
 * @returns what is wrong, in plain words
 */
export function checkRecordedChain({ revision, revisions, charge, sessions }: Manifest): string[] {
  const problems: string[] = [];
  const numbers = revisions.map((recorded) => recorded.revision);
  if (numbers.some((number, index) => number !== index + 1))
    problems.push(`the recorded revisions are numbered ${numbers.join(', ')}, not 1 to ${numbers.length}`);
  const last = revisions.at(-1);
  if (last?.revision !== revision)
    problems.push(
      `the last recorded revision is ${last?.revision ?? 'none'}, but the manifest is revision ${revision}`,
    );
  if (last !== undefined && !parseArchived(last.charge).eq(parseArchived(charge)))
    problems.push(`the last recorded revision closes with ${last.charge}, the manifest says ${charge}`);
  if (last?.sessions !== sessions)
    problems.push(
      `the last recorded revision has ${last?.sessions ?? 'no'} sessions, the manifest says ${sessions}`,
    );
  return problems;
}

/** How a revision follows from the one before it. */
export interface Link {
  readonly revision: number;
  /** ISO 8601 instant. */
  readonly at: string;
  /** Exact decimals. */
  readonly opening: string;
  readonly closing: string;
  /** Found by comparing the two revisions; null if one of them can't be read. */
  readonly changes: LogChanges | null;
  readonly reason: string;
  readonly restatedBy: string;
}

/** The restatements that the manifest records, without the changes in each. */
export function recordedLinks({ revisions }: Manifest): Link[] {
  return revisions.slice(1).map(({ revision, at, charge, reason, restatedBy }, index) => ({
    revision,
    at,
    opening: revisions[index]?.charge ?? '',
    closing: charge,
    changes: null,
    reason,
    restatedBy: restatedBy ?? '',
  }));
}

/**
 * Checks the chain through the archived revisions: each is whole, lists its predecessors as the current one does, and
 * follows from the one before it: opening + changes = closing, and no log is lost.
 *
 * @param earlier the revisions before the current one, by number
 */
export function checkArchivedChain(
  current: RevisionProof,
  earlier: ReadonlyMap<number, RevisionProof>,
): { problems: string[]; links: Link[] } {
  const { manifest } = current;
  const proofs = new Map([...earlier, [manifest.revision, current]]);
  const problems: string[] = [];
  const links = recordedLinks(manifest).map((link) => {
    const [before, after] = [proofs.get(link.revision - 1), proofs.get(link.revision)];
    const [opening, closing] = [before?.lineItems ?? null, after?.lineItems ?? null];
    if (opening === null || closing === null) return link;
    const changes = logChanges(opening, closing);
    problems.push(...checkLink(link, changes));
    return { ...link, changes };
  });
  for (let revision = 1; revision < manifest.revision; revision += 1) {
    const proof = earlier.get(revision);
    const found =
      proof === undefined
        ? ['its manifest is not among the versions in the bucket']
        : checkEarlier(proof, manifest);
    problems.push(...found.map((problem) => `revision ${revision}: ${problem}`));
  }
  return { problems, links };
}

function checkEarlier({ manifest, fileProblems, totalProblems }: RevisionProof, current: Manifest): string[] {
  const recorded = current.revisions.slice(0, manifest.revision);
  return [
    ...fileProblems,
    ...(totalProblems ?? []),
    ...checkRecordedChain(manifest),
    ...(isDeepStrictEqual(recorded, manifest.revisions)
      ? []
      : ['its list of revisions differs from that of the current manifest']),
  ];
}

function checkLink({ revision, opening, closing }: Link, { sum, lost }: LogChanges): string[] {
  const problems = lost.map((id) => `revision ${revision}: log ${id} of the previous revision is lost`);
  const expected = parseArchived(opening).plus(sum);
  if (!expected.eq(parseArchived(closing))) {
    problems.push(
      `revision ${revision}: opening ${opening} and changes ${formatSigned(sum)} make ${formatExact(expected)}, ` +
        `but it closes with ${closing}`,
    );
  }
  return problems;
}
