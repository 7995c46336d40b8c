/** Amounts in these tests are whole multiples of 10⁻¹⁸, computed without any of the code under test. */
const DECIMALS = 18;

/** Written with all 18 decimals, like a `decimal(38,18)`. */
export function fullDecimal(units: bigint): string {
  const digits = String(units < 0n ? -units : units).padStart(DECIMALS + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}

export function sumOf(amounts: Iterable<bigint>): bigint {
  return [...amounts].reduce((sum, amount) => sum + amount, 0n);
}
