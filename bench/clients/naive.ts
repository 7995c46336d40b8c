// The job as it is often written: everything fetched into one array, floats added up, rows joined with commas.
// No line items, no hashes, no upload, no checks.
import { authorization, firstPage, measured } from './measured.ts';

interface Page {
  readonly links: { readonly next?: string };
  readonly data: readonly Log[];
}

interface Log {
  readonly room_name: string;
  readonly charge: number;
}

await measured(async (assignment) => {
  const logs: Log[] = [];
  let url: string | undefined = firstPage(assignment);
  while (url !== undefined) {
    const response = await fetch(url, { headers: { authorization: authorization(assignment) } });
    const page = (await response.json()) as Page;
    logs.push(...page.data);
    url = page.links.next;
  }
  const rooms = new Map<string, number>();
  for (const log of logs) rooms.set(log.room_name, (rooms.get(log.room_name) ?? 0) + log.charge);
  const rows = [...rooms].map(([room, charge]) => [room, charge.toFixed(2)].join(','));
  const csv = ['room,charge', ...rows].join('\n');
  // The total that somebody gets by adding up the rows of that file.
  const total = csv
    .split('\n')
    .slice(1)
    .reduce((sum, row) => sum + Number(row.split(',')[1]), 0);
  return { charge: total.toFixed(2) };
});
