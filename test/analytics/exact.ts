/** Amounts in the tests are whole numbers of 10⁻¹⁸, counted without any of the code under test. */
const DECIMALS = 18;

/** All 18 decimals, as a `decimal(38,18)` is written. */
export function fullDecimal(units: bigint): string {
  const digits = String(units < 0n ? -units : units).padStart(DECIMALS + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}

export function sumOf(amounts: Iterable<bigint>): bigint {
  return [...amounts].reduce((sum, amount) => sum + amount, 0n);
}
