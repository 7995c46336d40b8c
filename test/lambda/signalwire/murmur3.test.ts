import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { viewOf } from '../../../lambda/four-bytes.ts';
import { murmur3 } from '../../../lambda/signalwire/murmur3.ts';

function hashOf(text: string): string {
  const bytes = Buffer.from(`?${text}?`);
  const view = viewOf(bytes);
  const hashes = new Int32Array(4);
  murmur3(view, 1, bytes.length - 1, 4, hashes, 0);
  return Array.from(hashes, (hash) => (hash >>> 0).toString(16).padStart(8, '0')).join('');
}

// The results of other implementations of the same variant.
test.each([
  ['', '00000000000000000000000000000000'],
  ['I will not buy this record, it is scratched.', 'a0a9683b25ac5e40d9af2895890dddf5'],
  ['The quick brown fox jumps over the lazy dog', '2f1583c3ecee2c675d7bf66ce5e91d2c'],
])('the hash of %j is %s', (text, hash) => {
  expect(hashOf(text)).toBe(hash);
});

test('texts of every length have a hash that depends on each of their bytes', () => {
  const lengths = Array.from({ length: 40 }, (_, length) => 'a'.repeat(length));
  expect(new Set(lengths.map(hashOf)).size).toBe(40);
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 40 }),
      fc.nat(),
      fc.string({ minLength: 1, maxLength: 1 }),
      (text, at, character) => {
        const place = at % text.length;
        const changed = text.slice(0, place) + character + text.slice(place + 1);
        expect(hashOf(changed) === hashOf(text)).toBe(changed === text);
      },
    ),
  );
});

test('only as many numbers are written as are wanted', () => {
  const view = new DataView(Buffer.from('abc').buffer.slice(0, 3));
  const hashes = new Int32Array(4);
  murmur3(view, 0, 3, 2, hashes, 1);
  expect(hashes[0]).toBe(0);
  expect(hashes[1]).not.toBe(0);
  expect(hashes[2]).not.toBe(0);
  expect(hashes[3]).toBe(0);
});
