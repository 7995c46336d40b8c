import { generate } from 'selfsigned';

/** A key and its certificate, in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export interface CertificateOptions {
  /** The IP address that it is for. @default 127.0.0.1 */
  readonly ip?: string;
  /** The authority that signs it. @default itself */
  readonly by?: Certificate;
  /** How many days ago it expired. @default it is valid until tomorrow */
  readonly expiredDaysAgo?: number;
}

const DAY_MS = 86_400_000;

/** A certificate for a server. */
export function certificate(options: CertificateOptions = {}): Promise<Certificate> {
  const { ip = '127.0.0.1', by, expiredDaysAgo = -1 } = options;
  return made('server', {
    notBeforeDate: new Date(Date.now() - 30 * DAY_MS),
    notAfterDate: new Date(Date.now() - expiredDaysAgo * DAY_MS),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip }] }],
    ...(by === undefined ? {} : { ca: by }),
  });
}

/** An authority that signs certificates. */
export function authority(name: string): Promise<Certificate> {
  return made(name, {
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
}

// A certificate with its authority's name would count as self-signed.
async function made(name: string, options: Parameters<typeof generate>[1]): Promise<Certificate> {
  const attributes = [{ name: 'commonName', value: name }];
  const { private: key, cert } = await generate(attributes, {
    keyType: 'ec',
    algorithm: 'sha256',
    ...options,
  });
  return { key, cert };
}
