import { counted } from '../../lambda/email/words.ts';
import { formatSigned, sumByCurrency } from '../sums.ts';
import { tableText } from '../table.ts';
import type { DayProof } from './day-proof.ts';
import { describeChanges } from '../../lambda/charges/changes.ts';

// More would only repeat the table, which lists them all.
const MOST_NAMED = 12;

/** Shown above the proof, for whoever finds it in a file years later. */
export interface ProofCircumstances {
  readonly address: string;
  /** ISO 8601 instant. */
  readonly at: string;
  readonly keepsVersions: boolean;
  readonly readsSpace: boolean;
}

/** A proof as an auditor may keep it: days, restatements, grand total, verdict. */
export function proofText(
  proofs: readonly DayProof[],
  { address, at, keepsVersions, readsSpace }: ProofCircumstances,
): string {
  return [
    `Archive  ${address}`,
    `Days     ${proofs[0]?.day ?? ''} to ${proofs.at(-1)?.day ?? ''}`,
    `Read at  ${at}`,
    dayTable(proofs, readsSpace),
    ...proofs.flatMap(({ day, problems }) =>
      problems.map((problem) => `Problem on ${day}: ${problem.replace(/\.$/, '')}.`),
    ),
    ...restatements(proofs),
    ...proofs.flatMap(({ day, notes }) => notes.map((note) => `Note on ${day}: ${note}.`)),
    ...(keepsVersions
      ? []
      : [
          'A folder keeps no versions, so only the revisions that the manifests record were checked ("recorded").',
        ]),
    '',
    grandTotal(proofs),
    verdictLine(proofs),
  ].join('\n');
}

function dayTable(proofs: readonly DayProof[], readsSpace: boolean): string {
  const rows = proofs.map(({ day, manifest, lineItems, files, totals, chain, space, problems }) => [
    day,
    manifest?.revision ?? '',
    manifest?.rooms ?? '',
    lineItems ?? '',
    manifest === null ? '' : `${manifest.charge} ${manifest.currency}`,
    files,
    totals,
    chain,
    ...(readsSpace ? [space] : []),
    problems.length === 0 ? '' : problems.length,
  ]);
  return tableText(
    [
      ...['Day', '>Revision', '>Rooms', '>Lines', '>Charge', 'SHA-256 ok', 'Totals ok', 'Chain ok'],
      ...(readsSpace ? ['Matches SignalWire'] : []),
      '>Problems',
    ],
    rows,
  );
}

function restatements(proofs: readonly DayProof[]): string[] {
  const rows = proofs.flatMap(({ day, links }) =>
    links.map(({ revision, at, opening, changes, closing, reason, restatedBy }) => {
      const sum = changes === null ? 'not read' : formatSigned(changes.sum);
      const what = changes === null ? '' : describeChanges(changes);
      return [day, revision, at, opening, sum, closing, what === '' ? reason : what, restatedBy];
    }),
  );
  if (rows.length === 0) return [];
  const columns = [
    'Day',
    '>Revision',
    'At',
    '>Opening',
    '>Changes',
    '>Closing',
    'What changed',
    'Restated by',
  ];
  return ['', 'Restatements (opening + changes = closing):', tableText(columns, rows)];
}

function grandTotal(proofs: readonly DayProof[]): string {
  const manifests = proofs.flatMap(({ manifest }) => manifest ?? []);
  return `Grand total: ${sumByCurrency(manifests)} in ${counted(manifests.length, 'archived day')}.`;
}

function verdictLine(proofs: readonly DayProof[]): string {
  const bad = proofs.filter(({ problems }) => problems.length > 0);
  const all = counted(proofs.length, 'day');
  if (bad.length === 0)
    return `Verdict: PROVEN. ${all}, all as recorded, byte for byte and to the last digit.`;
  const names = bad.slice(0, MOST_NAMED).map(({ day }) => day);
  if (bad.length > MOST_NAMED) names.push(`and ${bad.length - MOST_NAMED} more`);
  return `Verdict: NOT PROVEN. ${bad.length} of ${all} with a problem: ${names.join(', ')}.`;
}
