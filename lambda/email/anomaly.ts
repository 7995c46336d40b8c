import { type Money, sumOf, ZERO } from '../money/money.ts';

/** With fewer earlier days than this, nothing is said about what is usual. */
export const FEWEST_POINTS = 14;

/** Differences below this, in the billing currency, are too small to matter. */
const LEAST_DIFFERENCE = '5';

/** Differences below a quarter of the usual amount are too small, too. The inverse, so that nothing is divided. */
const LEAST_SHARE_INVERSE = '4';

const LIMIT = '3.5';
/** The 0.75 quantile of the normal distribution: makes a MAD comparable to a standard deviation. */
const MAD_FACTOR = '0.6745';
/** √(π/2): does the same for the mean absolute deviation. */
const MEAN_DEVIATION_FACTOR = '1.253314';

/** Whether an amount is usual, and which amount would have been. */
export type Verdict =
  | { readonly kind: 'too-few'; readonly points: number }
  | { readonly kind: 'usual'; readonly points: number; readonly median: Money }
  | {
      readonly kind: 'unusual';
      readonly points: number;
      readonly median: Money;
      /** For display only: the verdict itself is exact. Null if all points are the same. */
      readonly score: number | null;
    };

/**
 * Judges an amount by the modified z-score of Iglewicz and Hoaglin: z = 0.6745 · (x − median) / MAD, unusual if
 * |z| > 3.5. If the MAD is zero, which it is when more than half of the points are the same, the mean absolute
 * deviation times 1.253314 takes its place, as in IBM SPSS. In addition, the difference must be worth a look: at least
 * 5.00, and at least 25 percent of the median.
 *
 * Medians, deviations and limits are compared as exact decimals, by multiplying instead of dividing.
 *
 * Source: B. Iglewicz and D. C. Hoaglin, "How to Detect and Handle Outliers", ASQC Basic References in Quality Control
 * 16, 1993, section 3.3.
 *
 * @param points the earlier amounts, in any order
 */
export function judge(amount: Money, points: readonly Money[]): Verdict {
  if (points.length < FEWEST_POINTS) return { kind: 'too-few', points: points.length };
  const median = medianOf(points);
  const deviations = points.map((point) => point.minus(median).abs());
  const distance = amount.minus(median).abs();
  const found = { points: points.length, median };
  const isWorthALook =
    distance.gte(LEAST_DIFFERENCE) && distance.times(LEAST_SHARE_INVERSE).gte(median.abs());
  const [scaledDistance, scale] = scaled(distance, deviations);
  if (!isWorthALook || scaledDistance.lte(scale.times(LIMIT))) return { kind: 'usual', ...found };
  // The only place for floats: the score is not an amount, and is shown with one digit.
  const score = scale.eq('0') ? null : Number(scaledDistance.toFixed()) / Number(scale.toFixed());
  return { kind: 'unusual', ...found, score: score !== null && amount.lt(median) ? -score : score };
}

/** The z-score as an exact numerator and an exact denominator. */
function scaled(distance: Money, deviations: readonly Money[]): [Money, Money] {
  const mad = medianOf(deviations);
  if (!mad.eq('0')) return [distance.times(MAD_FACTOR), mad];
  return [distance.times(String(deviations.length)), sumOf(deviations).times(MEAN_DEVIATION_FACTOR)];
}

/**
 * The exact median: half of a decimal is again a decimal.
 *
 * @param amounts at least one
 */
export function medianOf(amounts: readonly Money[]): Money {
  const ordered = amounts.toSorted((a, b) => a.cmp(b));
  const upper = ordered[Math.floor(ordered.length / 2)] ?? ZERO;
  const lower = ordered[Math.floor((ordered.length - 1) / 2)] ?? ZERO;
  return lower.plus(upper).times('0.5');
}
