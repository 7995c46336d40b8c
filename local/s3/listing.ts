import { S3Error } from './s3-error.ts';

/** The parameters of a listing, whichever of S3's listings it is. */
export interface ListingQuery {
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  /** The most entries to return, including common prefixes. */
  readonly maxKeys: number;
  /** The last entry (key or common prefix) of the previous page; empty to begin at the start. */
  readonly after: string;
}

/** One page of a listing. */
export interface Listing {
  readonly keys: readonly string[];
  readonly commonPrefixes: readonly string[];
  /** The last entry of this page, if more pages follow; null on the last page. */
  readonly continueAfter: string | null;
}

/** S3 sorts keys by their UTF-8 bytes, which differs from the order of JavaScript strings. */
export function byUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** One page of the keys with the prefix; keys with the delimiter after it are grouped into common prefixes. */
export function listKeys(
  allKeys: Iterable<string>,
  { prefix, delimiter, maxKeys, after }: ListingQuery,
): Listing {
  const entries = new Map<string, 'key' | 'prefix'>();
  for (const key of [...allKeys].sort(byUtf8)) {
    if (!key.startsWith(prefix)) continue;
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const entry = cut < 0 ? key : key.slice(0, cut + delimiter.length);
    if (after === '' || byUtf8(entry, after) > 0) entries.set(entry, cut < 0 ? 'key' : 'prefix');
  }
  const page = [...entries].slice(0, maxKeys);
  return {
    keys: page.filter(([, kind]) => kind === 'key').map(([entry]) => entry),
    commonPrefixes: page.filter(([, kind]) => kind === 'prefix').map(([entry]) => entry),
    continueAfter: entries.size > page.length ? (page.at(-1)?.[0] ?? null) : null,
  };
}

/**
 * Parses `max-keys`: 1000 if it is absent, and never more.
 *
 * @throws S3Error InvalidArgument
 */
export function parseMaxKeys(text: string | undefined): number {
  if (text === undefined) return 1000;
  if (!/^\d{1,9}$/.test(text)) {
    throw new S3Error(
      400,
      'InvalidArgument',
      'Argument max-keys must be an integer between 0 and 2147483647',
    );
  }
  return Math.min(1000, Number(text));
}
