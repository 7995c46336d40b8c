/** The two halves of a request line's target. */
export interface RequestTarget {
  /** Still encoded. */
  readonly path: string;
  /** Decoded, in the order given. A name without `=` has an empty value; a plus sign is not decoded. */
  readonly query: ReadonlyMap<string, string>;
}

/**
 * Splits a request's URL as AWS reads it.
 *
 * @param url path and query, such as /bucket/key?versionId=x
 * @throws URIError if an escape is malformed
 */
export function parseTarget(url: string): RequestTarget {
  const [path = ''] = url.split('?', 1);
  const parts = url.slice(path.length + 1).split('&');
  const query = parts
    .filter((part) => part !== '')
    .map((part): [string, string] => {
      const [name = ''] = part.split('=', 1);
      return [decodeURIComponent(name), decodeURIComponent(part.slice(name.length + 1))];
    });
  return { path, query: new Map(query) };
}
