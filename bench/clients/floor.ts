// Nothing that reads whole pages one after another can be faster than this: node:http, JSON.parse, forget.
import { Agent } from 'node:http';
import { getText } from './plain-http.ts';
import { authorization, firstPage, measured } from './measured.ts';

await measured(async (assignment) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { authorization: authorization(assignment) };
  let next: string | undefined = firstPage(assignment);
  while (next !== undefined) {
    const page = JSON.parse(await getText(next, headers, agent)) as { links: { next?: string } };
    next = page.links.next;
  }
  agent.destroy();
  return { charge: null };
});
