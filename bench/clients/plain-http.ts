import { type Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';

/** @throws Error for every answer but 200 */
export function getText(
  url: string,
  headers: Readonly<Record<string, string>>,
  agent: Agent,
): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent }, (response) => {
      if (response.statusCode === 200) text(response).then(resolve, reject);
      else reject(new Error(`${url} was answered with ${String(response.statusCode)}`));
    }).once('error', reject);
  });
}
