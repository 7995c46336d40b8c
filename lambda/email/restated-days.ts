import { archivedAt, byReportOf, isKnownTo, type Manifest } from '../archive/manifest.ts';
import { type Money, parseArchived } from '../money/money.ts';

/** The share of the earlier figure above which a person should look at a change; its inverse: 20 means 5 percent. */
const CHECKED_SHARE_INVERSE = '20';

/** An earlier day whose figures were replaced since the last report. */
export interface RestatedDay {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** ISO 4217: its own, which may differ from the reported day's. */
  readonly currency: string;
  readonly before: Money;
  readonly after: Money;
  readonly reason: string;
  /** It changed by more than 5 percent of the earlier figure. */
  readonly isLarge: boolean;
}

/**
 * The days that were restated since the report before this one: by this report's own run, by an earlier run that did
 * not get as far as the report, or by hand. What happened after the reported day was archived is left to a later
 * report, so that a mail sent once more says the same.
 *
 * @param reported manifest of the reported day
 * @param earlier manifests of earlier days, in any order
 */
export function restatedDays(reported: Manifest, earlier: readonly Manifest[]): RestatedDay[] {
  const ordered = earlier.toSorted((a, b) => (a.day < b.day ? -1 : 1));
  const lastReport = ordered.findLast((manifest) => archivedAt(manifest) <= archivedAt(reported));
  const since = lastReport === undefined ? '' : archivedAt(lastReport);
  return ordered.flatMap(({ day, currency, revisions }) => {
    const known = revisions
      .flatMap((revision, index) => {
        const replaced = revisions[index - 1];
        return replaced === undefined ? [] : [{ revision, replaced }];
      })
      .filter(({ revision }) => isKnownTo(reported, revision))
      .filter(({ revision: { at, restatedBy } }) => at > since || restatedBy === byReportOf(reported.day));
    const [first] = known;
    const last = known.at(-1);
    if (first === undefined || last === undefined) return [];
    const before = parseArchived(first.replaced.charge);
    const after = parseArchived(last.revision.charge);
    const reason = known.map(({ revision }) => revision.reason).join('; ');
    return [{ day, currency, before, after, reason, isLarge: isLarge(before, after) }];
  });
}

function isLarge(before: Money, after: Money): boolean {
  return after.minus(before).abs().times(CHECKED_SHARE_INVERSE).gt(before.abs());
}
