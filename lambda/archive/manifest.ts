import * as z from 'zod';
import { ArchiveError } from '../errors.ts';
import { parseJsonOrNull } from '../json.ts';
import { shapeProblems } from '../shape-problems.ts';

const decimal = z.string().regex(/^-?\d+\.\d{2,}$/);
const count = z.int().min(0);

const manifestShape = z.object({
  /** `YYYY-MM-DD` in `timeZone`. */
  day: z.string(),
  /** IANA time zone in which the day began and ended. */
  timeZone: z.string(),
  space: z.string(),
  /** ISO 4217. */
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** 1 for the first reading, plus one for each reading that changed something. */
  revision: z.int().min(1),
  /** Exact sum of the day. */
  charge: decimal,
  /** The number of rows in room-charges.csv. */
  rooms: count,
  sessions: count,
  /** Those of `sessions` whose charge may still change. */
  inProgressSessions: count,
  deletedLogs: count,
  files: z.array(
    z.object({
      key: z.string(),
      /** Hexadecimal. */
      sha256: z.string(),
      bytes: count,
      /** Without the header. */
      rows: count,
      /** Null if the store keeps no versions. */
      versionId: z.string().nullable(),
    }),
  ),
  /** What a reader of the figures should know, as sentences. */
  notices: z.array(z.string()),
  /** Every revision so far, oldest first. */
  revisions: z
    .array(
      z.object({
        revision: z.int().min(1),
        /** When it was archived: an instant, UTC. */
        at: z.string(),
        charge: decimal,
        sessions: count,
        reason: z.string(),
        /** What requested it; null for the first one. */
        restatedBy: z.string().nullable(),
      }),
    )
    .min(1),
});

/** What a day's report consists of and where it is stored: the commit point of the archive. */
export type Manifest = Readonly<z.infer<typeof manifestShape>>;
export type ArchivedFile = Manifest['files'][number];
export type Revision = Manifest['revisions'][number];

/** What a revision records as having requested it, if it was the run that makes the report of `day`. */
export function byReportOf(day: string): string {
  return `the report of ${day}`;
}

/** When a day was first archived: an instant, UTC. Such texts sort like the instants they stand for. */
export function archivedAt({ revisions }: Manifest): string {
  return revisions[0]?.at ?? '';
}

/**
 * Whether a report could know a revision of an earlier day: it existed when the reported day was archived, or a run for
 * this report made it. So a mail that is sent once more is based on what the first one knew.
 *
 * @param reported manifest of the reported day
 */
export function isKnownTo(reported: Manifest, { at, restatedBy }: Revision): boolean {
  return at <= archivedAt(reported) || restatedBy === byReportOf(reported.day);
}

/** Writes a manifest: one JSON object on one line, as Athena requires, with its fields in the order above. */
export function writeManifest(manifest: Manifest): Buffer {
  return Buffer.from(`${JSON.stringify(manifest)}\n`);
}

/**
 * @param where the object's address, for the error message
 * @throws ArchiveError if the bytes are not a manifest
 */
export function parseManifest(bytes: Buffer, where: string): Manifest {
  const manifest = manifestShape.safeParse(parseJsonOrNull(bytes.toString()));
  if (!manifest.success) {
    throw new ArchiveError(
      `${where} is not a readable manifest (${shapeProblems(manifest.error, 'it')}). Restore its last good version.`,
    );
  }
  return manifest.data;
}
