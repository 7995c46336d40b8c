import { createHash, randomBytes } from 'node:crypto';
import { notImplemented, S3Error } from './s3-error.ts';
import type { Payload } from './payload.ts';

/** All parts but the last must have this many bytes. */
const MINIMUM_PART_BYTES = 5 * 1024 * 1024;

interface Part extends Payload {
  /** Hex, unquoted. */
  readonly md5: string;
}

/** An upload under way. */
export interface Upload {
  readonly key: string;
  /** Headers to be stored with the object. */
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, Part>;
}

/** The uploads of one bucket that are neither completed nor aborted. */
export class MultipartUploads {
  readonly #uploads = new Map<string, Upload>();

  /** @returns the upload's id */
  create(key: string, headers: Readonly<Record<string, string>>): string {
    const id = randomBytes(24).toString('base64url');
    this.#uploads.set(id, { key, headers, parts: new Map() });
    return id;
  }

  /**
   * Stores a part, in place of an earlier one of the same number.
   *
   * @returns its ETag, quoted
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
    const md5 = createHash('md5').update(payload.bytes).digest('hex');
    this.get(id, key).parts.set(number, { ...payload, md5 });
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
 * Puts the parts together that a CompleteMultipartUpload names.
 *
 * @param request the request's XML
 * @returns the object's bytes and its ETag, quoted
 * @throws S3Error MalformedXML, InvalidPart, InvalidPartOrder, EntityTooSmall, NotImplemented
 */
export function assembleParts(upload: Upload, request: string): { bytes: Buffer; etag: string } {
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
    bytes: Buffer.concat(parts.map(({ bytes }) => bytes)),
    etag: `"${md5.digest('hex')}-${parts.length}"`,
  };
}

interface ListedPart {
  readonly number: number;
  /** Unquoted. */
  readonly etag: string;
  /** By header name. */
  readonly checksums: readonly [string, string][];
}

/** The one XML that clients send here is flat enough for patterns; whatever does not match them is refused. */
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
