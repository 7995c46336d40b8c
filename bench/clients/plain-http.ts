import { type Agent, request } from 'node:http';

/**
 * Reads a response's text as fast as plain Node can.
 *
 * @throws Error for any status but 200
 */
export function getText(
  url: string,
  headers: Readonly<Record<string, string>>,
  agent: Agent,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent }, (response) => {
      if (response.statusCode !== 200) {
        reject(new Error(`${url} was answered with ${String(response.statusCode)}`));
        return;
      }
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.once('error', reject).once('end', () => {
        resolve(text);
      });
    });
    sent.once('error', reject).end();
  });
}
