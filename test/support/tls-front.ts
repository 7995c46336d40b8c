import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { Certificate } from './certificates.ts';

/** An HTTPS front for an HTTP server. */
export interface TlsFront {
  readonly url: string;
  /** The number of bytes that came from clients: none if they don't trust the certificate. */
  readonly received: () => number;
  readonly close: () => Promise<void>;
}

/** @param backend origin of the HTTP server */
export async function startTlsFront({ key, cert }: Certificate, backend: string): Promise<TlsFront> {
  const sockets = new Set<TLSSocket>();
  let received = 0;
  const server = createServer({ key, cert }, (client) => {
    sockets.add(client);
    const behind = connect(Number(new URL(backend).port), '127.0.0.1');
    client.on('data', (bytes: Buffer) => {
      received += bytes.length;
    });
    client.on('error', () => behind.destroy()).pipe(behind);
    behind.on('error', () => client.destroy()).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => received,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
