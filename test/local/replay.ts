import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import type { RecordedRequest } from '../../local/loopback-server.ts';

export interface Reply {
  readonly status: number | undefined;
  readonly body: string;
}

/** Sends a recorded request again, byte for byte except for the changes, which no client would send itself. */
export async function replay(
  origin: string,
  recorded: RecordedRequest,
  changes: Partial<RecordedRequest> = {},
): Promise<Reply> {
  const { method, url, headers, body } = { ...recorded, ...changes };
  const length = headers['transfer-encoding'] === undefined ? { 'content-length': body.length } : {};
  const request = httpRequest(origin + url, { method, headers: { ...headers, ...length }, agent: false });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode, body: await text(response) };
}
