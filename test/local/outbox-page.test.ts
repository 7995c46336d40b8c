import { afterEach, expect, test } from '@jest/globals';
import { type OutboxPage, serveOutbox } from '../../local/outbox-page.tsx';
import { sessionLog } from '../support/logs.ts';
import { openMorning } from '../support/morning.ts';

let page: OutboxPage | null = null;

afterEach(() => page?.close());

test('each mail is shown as HTML, wide and narrow, as text, as source and with its attachment', async () => {
  const morning = await openMorning({ logs: [sessionLog(1, { room: '<b>bold</b>', charge: '1.25' })] });
  await morning.run();
  page = await serveOutbox(morning.cloud);

  const response = await fetch(page.url);
  const html = await response.text();
  expect(response.headers.get('content-security-policy')).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'",
  );
  expect([...html.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, title]) => title)).toEqual([
    ...['HTML, wide', 'HTML, narrow', 'Text', 'Attached: room-charges.csv', 'Source'],
  ]);
  expect([...html.matchAll(/<iframe sandbox src="([^"]+)"/g)].map(([, src]) => src)).toEqual([
    ...['/html/0', '/html/0'],
  ]);
  expect(html).toContain('>Total: $1.25\n'.slice(1));
  expect(html).toContain('2026-11-22,127.0.0.1,&lt;b>bold&lt;/b>,1,0,600,1.25,USD');
  expect(html).toContain('Content-Type: multipart/mixed');
  expect(html).not.toContain('<b>');

  const [mail] = await morning.mails();
  expect(await (await fetch(`${page.url}html/0`)).text()).toBe(mail?.html);
  expect((await fetch(`${page.url}html/1`)).status).toBe(404);
});
