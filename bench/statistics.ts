import { max, median } from 'simple-statistics';
import type { Measurement } from './clients/measured.ts';

/** The figures of a client's rounds. */
export interface Figures {
  /** Medians. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Median of the ratios to the first client's seconds, round by round: a slow round cancels out. */
  readonly ratio: number;
  /** The largest of any round. */
  readonly peakRssMb: number;
}

/**
 * @param rounds the client's rounds
 * @param base the rounds of the client that it is compared with, in the same order
 */
export function figuresOf(rounds: readonly Measurement[], base: readonly Measurement[]): Figures {
  return {
    seconds: rounded(median(rounds.map(({ seconds }) => seconds)), 3),
    cpuSeconds: rounded(median(rounds.map(({ cpuSeconds }) => cpuSeconds)), 3),
    ratio: rounded(medianRatio(seconds(rounds), seconds(base)), 3),
    peakRssMb: rounded(max(rounds.map(({ peakRssMb }) => peakRssMb)), 0),
  };
}

/** Median of each number divided by its counterpart. */
export function medianRatio(numbers: readonly number[], base: readonly number[]): number {
  return median(numbers.map((number, index) => number / (base[index] ?? NaN)));
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function seconds(rounds: readonly Measurement[]): number[] {
  return rounds.map(({ seconds }) => seconds);
}
