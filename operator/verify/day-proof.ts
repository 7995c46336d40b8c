import { findDay } from '../../lambda/archive/archived-day.ts';
import type { Manifest } from '../../lambda/archive/manifest.ts';
import type { AuditedArchive } from './archive.ts';
import { checkArchivedChain, checkRecordedChain, type Link, recordedLinks } from './check-chain.ts';
import { checkCurrent } from './check-files.ts';
import { readManifestHistory, sortHistory } from './manifest-history.ts';
import { proveRevision, type RevisionProof } from './revision-proof.ts';
import { compareWithSpace, type Space } from './space-comparison.ts';
import { messageOf } from '../../lambda/errors.ts';

/** `recorded`: correct as far as can be checked without versions; empty: not checked. */
type Verdict = 'yes' | 'NO' | 'recorded' | '';

/** What an audit found about a day. */
export interface DayProof {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Null if the day is not archived, or its manifest can't be read. */
  readonly manifest: Manifest | null;
  /** Null if they can't be read. */
  readonly lineItems: number | null;
  readonly files: Verdict;
  readonly totals: Verdict;
  readonly chain: Verdict;
  readonly space: Verdict;
  /** In plain words; empty if the day is as it should be. */
  readonly problems: readonly string[];
  /** What an auditor should know although all is well now. */
  readonly notes: readonly string[];
  readonly links: readonly Link[];
}

const NOTHING_SEEN = {
  manifest: null,
  lineItems: null,
  files: '',
  totals: '',
  chain: '',
  space: '',
  notes: [],
  links: [],
} as const satisfies Partial<DayProof>;

/**
 * Proves a day: its files, its sums, its revisions, and, if a space is given, that it matches what SignalWire lists.
 *
 * @param space null to leave SignalWire alone
 * @throws SignalWireRejectedError
 */
export async function proveDay(archive: AuditedArchive, day: string, space: Space | null): Promise<DayProof> {
  const { store } = archive;
  let found: Awaited<ReturnType<typeof findDay>>;
  try {
    found = await findDay(store, day);
  } catch (error) {
    return { ...NOTHING_SEEN, day, problems: [messageOf(error)] };
  }
  if (found === null) return { ...NOTHING_SEEN, day, problems: ['missing: the day is not archived'] };

  const { manifest } = found;
  const proof = await proveRevision(store, day, manifest);
  const fileProblems = [...proof.fileProblems, ...(await currentProblems(archive, manifest))];
  const { problems: chainProblems, notes, links } = await followChain(archive, day, proof);
  const spaceProblems =
    space === null || proof.lineItems === null
      ? null
      : await compareWithSpace(manifest, proof.lineItems, space);
  return {
    day,
    manifest,
    lineItems: proof.lineItems?.length ?? null,
    files: verdict(fileProblems),
    totals: verdict(proof.totalProblems),
    chain: archive.versionsOf === null && chainProblems.length === 0 ? 'recorded' : verdict(chainProblems),
    space: verdict(spaceProblems),
    problems: [...fileProblems, ...(proof.totalProblems ?? []), ...chainProblems, ...(spaceProblems ?? [])],
    notes,
    links,
  };
}

async function currentProblems({ store }: AuditedArchive, { files }: Manifest): Promise<string[]> {
  const problems: string[] = [];
  for (const file of files) {
    try {
      problems.push(...checkCurrent(file, (await store.get(file.key))?.body ?? null));
    } catch (error) {
      problems.push(`${file.key}: ${messageOf(error)}`);
    }
  }
  return problems;
}

async function followChain(
  archive: AuditedArchive,
  day: string,
  current: RevisionProof,
): Promise<Pick<DayProof, 'notes' | 'links'> & { problems: string[] }> {
  const { manifest } = current;
  const recorded = checkRecordedChain(manifest);
  try {
    const versions = await readManifestHistory(archive, day);
    if (versions === null) return { problems: recorded, notes: [], links: recordedLinks(manifest) };
    const history = sortHistory(versions);
    const earlier = new Map<number, RevisionProof>();
    for (const [revision, manifestThen] of history.earlier) {
      earlier.set(revision, await proveRevision(archive.store, day, manifestThen));
    }
    const chain = checkArchivedChain(current, earlier);
    return {
      problems: [...recorded, ...history.problems, ...chain.problems],
      notes: history.notes,
      links: chain.links,
    };
  } catch (error) {
    return { problems: [...recorded, messageOf(error)], notes: [], links: recordedLinks(manifest) };
  }
}

function verdict(problems: readonly string[] | null): Verdict {
  if (problems === null) return '';
  return problems.length === 0 ? 'yes' : 'NO';
}
