// Bytes are read four at a time, as a number of 32 bits: that takes half of the time of one after the other. Each of these
// tells by the highest bit of a byte, and by no other one, whether it is what is looked for; above the first one
// found, others may seem to be found, so that only whether there is any can be told.
// (https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord)

const ONES = 0x01010101;

/** The highest bits of four bytes, and nothing else. */
export const HIGHEST_BITS = 0x80808080;

/** @param byte of ASCII */
export function equalTo(byte: number, four: number): number {
  const others = four ^ (byte * ONES);
  return (others - ONES) & ~others;
}

/** @param byte of ASCII; bytes beyond ASCII are never below it */
export function below(byte: number, four: number): number {
  return (four - byte * ONES) & ~four;
}

/** The same bytes, to be read and written several at a time. */
export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
