import { createHash, hash } from 'node:crypto';

/** The SHA-256 of the bytes, in hexadecimal. */
export function sha256(bytes: Buffer): string {
  return hash('sha256', bytes, 'hex');
}

/** The SHA-256 of any number of bytes as they arrive, in hexadecimal. */
export async function sha256OfChunks(chunks: AsyncIterable<Buffer>): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of chunks) digest.update(chunk);
  return digest.digest('hex');
}
