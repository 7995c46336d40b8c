const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

/**
 * MurmurHash3, 128 bits, as four 32-bit numbers (x86 variant, seed 0): a fast hash for data that nobody tampers with.
 * https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp. Written in JavaScript, as a call into
 * WebAssembly or native code takes longer than hashing a log.
 *
 * @param from the first byte
 * @param to the byte after the last one
 * @param count how many of the four numbers to write
 * @param hashes receives them
 * @param at index of the first one
 */
export function murmur3(
  view: DataView,
  from: number,
  to: number,
  count: number,
  hashes: Int32Array,
  at: number,
): void {
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  let place = from;
  for (; place <= to - 16; place += 16) {
    h1 ^= Math.imul(rotated(Math.imul(view.getInt32(place, true), C1), 15), C2);
    h1 = (Math.imul(rotated(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotated(Math.imul(view.getInt32(place + 4, true), C2), 16), C3);
    h2 = (Math.imul(rotated(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotated(Math.imul(view.getInt32(place + 8, true), C3), 17), C4);
    h3 = (Math.imul(rotated(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotated(Math.imul(view.getInt32(place + 12, true), C4), 18), C1);
    h4 = (Math.imul(rotated(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  h4 ^= Math.imul(rotated(Math.imul(wordAt(view, place + 12, to), C4), 18), C1);
  h3 ^= Math.imul(rotated(Math.imul(wordAt(view, place + 8, to), C3), 17), C4);
  h2 ^= Math.imul(rotated(Math.imul(wordAt(view, place + 4, to), C2), 16), C3);
  h1 ^= Math.imul(rotated(Math.imul(wordAt(view, place, to), C1), 15), C2);
  const length = to - from;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = ((h1 ^ length) + h2 + h3 + h4) | 0;
  h2 = mixed(h2 + h1);
  h3 = mixed(h3 + h1);
  h4 = mixed(h4 + h1);
  h1 = (mixed(h1) + h2 + h3 + h4) | 0;
  hashes[at] = h1;
  if (count > 1) hashes[at + 1] = h2 + h1;
  if (count > 2) hashes[at + 2] = h3 + h1;
  if (count > 3) hashes[at + 3] = h4 + h1;
}

/** Up to four bytes from a position on, as a number; 0 if there are none. */
function wordAt(view: DataView, place: number, to: number): number {
  if (place <= to - 4) return view.getInt32(place, true);
  let word = 0;
  for (let at = to - 1; at >= place; at -= 1) word = (word << 8) | view.getUint8(at);
  return word;
}

function rotated(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by));
}

function mixed(bits: number): number {
  let mixed = bits ^ (bits >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
