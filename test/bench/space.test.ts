import { afterAll, expect, test } from '@jest/globals';
import { buildDay } from '../../bench/day.ts';
import { startSpace } from '../../bench/servers/space.ts';
import { API_TOKEN, PROJECT_ID } from '../../local/cloud.ts';

interface Page {
  readonly links: { readonly next?: string };
  readonly data: readonly { readonly id: string; readonly created_at: string }[];
}

const space = await startSpace(buildDay({ logs: 2500, rooms: 10 }), 0);
afterAll(() => {
  space.close();
});

const DAY = 'created_on=2025-11-22&include_deleted=true&page_size=1000';
const authorization = `Basic ${Buffer.from(`${PROJECT_ID}:${API_TOKEN}`).toString('base64')}`;

function ask(query: string): Promise<Response> {
  return fetch(`${space.url}/api/video/logs?${query}`, { headers: { authorization } });
}

async function readAll(query: string): Promise<Page['data'][]> {
  const pages: Page['data'][] = [];
  for (let next: string | undefined = query; next !== undefined;) {
    const page = (await (await ask(next)).json()) as Page;
    pages.push(page.data);
    next = page.links.next?.split('?')[1];
  }
  return pages;
}

test('the pages hold every log of the day once', async () => {
  const pages = await readAll(DAY);
  expect(pages.map((page) => page.length)).toEqual([1000, 1000, 500]);
  expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(2500);
});

test('a window holds the logs between its two instants, in pages like the day', async () => {
  const all = (await readAll(DAY)).flat();
  const [before = '', after = ''] = [all[100]?.created_at, all[2300]?.created_at];
  const pages = await readAll(`${DAY}&created_after=${after}&created_before=${before}`);
  expect(pages.length).toBeGreaterThan(2);
  expect(pages.flat()).toEqual(all.filter(({ created_at: at }) => after < at && at < before));
});

test('a window without logs and another date are one empty page each', async () => {
  expect(await readAll(`${DAY}&created_after=2025-11-23T00:00:00Z`)).toEqual([[]]);
  expect(await readAll('created_on=2025-11-21')).toEqual([[]]);
});

test.each([
  ['page_size=1001', 422],
  ['page_number=1', 422],
  ['created_at=2025-11-22', 422],
])('%s is refused', async (query, status) => {
  expect((await ask(query)).status).toBe(status);
});

test('a request without the credentials is refused', async () => {
  expect((await fetch(`${space.url}/api/video/logs?${DAY}`)).status).toBe(401);
});
