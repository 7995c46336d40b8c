// Bytes are read four at a time, as one 32-bit number: that takes half the time of reading them one by one. `equalTo`
// and `below` set a byte's highest bit if that byte is one that is looked for; all other bits mean nothing. Bytes above
// the first match may be marked by mistake, so the result says only whether there is any match.
// (https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord)

const ONES = 0x01010101;

/** The highest bit of each of the four bytes. */
export const HIGHEST_BITS = 0x80808080;

/** @param byte ASCII */
export function equalTo(byte: number, four: number): number {
  const others = four ^ (byte * ONES);
  return (others - ONES) & ~others;
}

/** @param byte ASCII; bytes beyond ASCII never count as below it */
export function below(byte: number, four: number): number {
  return (four - byte * ONES) & ~four;
}

/** A view of the same bytes, to read and write several at a time. */
export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
