import { createHash, randomBytes } from 'node:crypto';
import { composeChecksum, type Payload } from './payload.ts';
import { notImplemented, S3Error } from './s3-error.ts';

/** All parts except the last must have at least this many bytes. */
const MINIMUM_PART_BYTES = 5 * 1024 * 1024;

interface Part extends Payload {
  /** Hex, unquoted. */
  readonly md5: string;
}

/** An upload in progress. */
export interface Upload {
  readonly key: string;
  /** Headers that will be stored with the object. */
  readonly headers: Readonly<Record<string, string>>;
  /** The checksum header that every part must have; null if none was announced. */
  readonly checksum: string | null;
  readonly begun: Date;
  readonly parts: Map<number, Part>;
}

/** The uploads of one bucket that are neither completed nor aborted. */
export class MultipartUploads {
  readonly #uploads = new Map<string, Upload>();

  /** @returns the upload's id */
  create(upload: Omit<Upload, 'parts'>): string {
    const id = randomBytes(24).toString('base64url');
    this.#uploads.set(id, { ...upload, parts: new Map() });
    return id;
  }

  /** All uploads, in the order in which they began. */
  list(): { id: string; upload: Upload }[] {
    return [...this.#uploads].map(([id, upload]) => ({ id, upload }));
  }

  /**
   * Stores a part, replacing an earlier one with the same number.
   *
   * @returns its ETag, in quotes
   * @throws S3Error NoSuchUpload, InvalidArgument
   */
  putPart(id: string, key: string, partNumber: string, payload: Payload): string {
    const number = Number(partNumber);
    if (!/^\d+$/.test(partNumber) || number < 1 || number > 10_000) {
      throw new S3Error(
        400,
        'InvalidArgument',
        'Part number must be an integer between 1 and 10000, inclusive',
      );
    }
    const { parts, checksum } = this.get(id, key);
    if (checksum !== null && payload.checksums[checksum] === undefined) {
      throw new S3Error(
        400,
        'InvalidRequest',
        `Checksum Type mismatch occurred, expected ${checksum}, and the part has none.`,
      );
    }
    const md5 = createHash('md5').update(payload.bytes).digest('hex');
    parts.set(number, { ...payload, md5 });
    return `"${md5}"`;
  }

  /** @throws S3Error NoSuchUpload */
  get(id: string, key: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload?.key !== key) throw new S3Error(404, 'NoSuchUpload', 'The specified upload does not exist.');
    return upload;
  }

  delete(id: string): void {
    this.#uploads.delete(id);
  }
}

/**
 * Assembles the parts that a CompleteMultipartUpload lists.
 *
 * @param request the request's XML
 * @throws S3Error MalformedXML, InvalidPart, InvalidPartOrder, InvalidRequest, EntityTooSmall, NotImplemented
 */
export function assembleParts(upload: Upload, request: string): Assembled {
  const listed = parsePartList(request);
  if (!listed.every(({ number }, index) => index === 0 || number > (listed[index - 1]?.number ?? 0))) {
    throw new S3Error(400, 'InvalidPartOrder', 'The list of parts was not in ascending order.');
  }
  const parts = listed.map(({ number, etag, checksums }) => {
    const part = upload.parts.get(number);
    const isWrong = checksums.some(([name, value]) => part?.checksums[name] !== value);
    if (part?.md5 !== etag || isWrong) {
      throw new S3Error(400, 'InvalidPart', `The part ${number} could not be found or does not match.`);
    }
    return part;
  });
  if (parts.slice(0, -1).some(({ bytes }) => bytes.length < MINIMUM_PART_BYTES)) {
    throw new S3Error(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
  }
  const md5 = createHash('md5');
  for (const part of parts) md5.update(Buffer.from(part.md5, 'hex'));
  return {
    pieces: parts.map(({ bytes }) => bytes),
    etag: `"${md5.digest('hex')}-${parts.length}"`,
    checksums: composedChecksums(upload, listed),
  };
}

/** The object that is assembled from parts. */
interface Assembled {
  readonly pieces: readonly Buffer[];
  /** Quoted. */
  readonly etag: string;
  /** By header; to be stored with the object. */
  readonly checksums: Readonly<Record<string, string>>;
}

function composedChecksums(
  { checksum }: Upload,
  listed: readonly ListedPart[],
): Readonly<Record<string, string>> {
  if (checksum === null) return {};
  const parts = listed.map(({ number, checksums }) => {
    const [, value] = checksums.find(([name]) => name === checksum) ?? [];
    if (value !== undefined) return value;
    throw new S3Error(
      400,
      'InvalidRequest',
      `The upload announced ${checksum}. The complete request must include it for each part; part ${number} lacks it.`,
    );
  });
  return { [checksum]: composeChecksum(checksum, parts), 'x-amz-checksum-type': 'COMPOSITE' };
}

interface ListedPart {
  readonly number: number;
  /** Unquoted. */
  readonly etag: string;
  /** By header name. */
  readonly checksums: readonly [string, string][];
}

/** The only XML that clients send here is simple enough for regular expressions; what does not match is refused. */
function parsePartList(xml: string): ListedPart[] {
  const [, list] =
    /^(?:<\?xml[^>]*\?>)?\s*<CompleteMultipartUpload(?: xmlns="[^"]*")?>(.*)<\/CompleteMultipartUpload>\s*$/s.exec(
      xml,
    ) ?? [];
  const parts = list?.match(/<Part>.*?<\/Part>/gs) ?? [];
  if (list === undefined || parts.length === 0 || list.replace(/<Part>.*?<\/Part>/gs, '').trim() !== '') {
    throw new S3Error(400, 'MalformedXML', 'The XML you provided was not well-formed');
  }
  return parts.map((part) => {
    const fields = [...part.slice('<Part>'.length, -'</Part>'.length).matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(
      ([, name = '', value = '']): [string, string] => [name, value],
    );
    const byName = new Map(fields);
    const etag = byName.get('ETag');
    const number = byName.get('PartNumber');
    if (etag === undefined || number === undefined || !/^\d+$/.test(number)) {
      throw new S3Error(400, 'MalformedXML', 'A part needs an ETag and a PartNumber');
    }
    const checksums = fields.filter(([name]) => name !== 'ETag' && name !== 'PartNumber');
    const unknown = checksums.find(([name]) => !name.startsWith('Checksum'));
    if (unknown !== undefined) throw notImplemented(`the part's element ${unknown[0]}`);
    return {
      number: Number(number),
      etag: etag.replaceAll(/&quot;|&#34;|"/g, ''),
      checksums: checksums.map(([name, value]) => [
        `x-amz-checksum-${name.slice('Checksum'.length).toLowerCase()}`,
        value,
      ]),
    };
  });
}
