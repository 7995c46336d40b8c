import { createHash, hash } from 'node:crypto';

/** Of the bytes, in hexadecimal. */
export function sha256(bytes: Buffer): string {
  return hash('sha256', bytes, 'hex');
}

/** Of bytes of any number, as they come, in hexadecimal. */
export async function sha256OfChunks(chunks: AsyncIterable<Buffer>): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of chunks) digest.update(chunk);
  return digest.digest('hex');
}
