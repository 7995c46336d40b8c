// How a database does it: the pages go into files, and one query reads them and adds up decimals.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { authorization, firstPage, measured } from './measured.ts';
import { getText } from './plain-http.ts';

/** The link comes before the logs. */
const NEXT = /"next":("[^"]*")/;

await measured(async (assignment) => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-duckdb-'));
  try {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const headers = { authorization: authorization(assignment) };
    let url: string | undefined = firstPage(assignment);
    for (let page = 0; url !== undefined; page += 1) {
      const text: string = await getText(url, headers, agent);
      await writeFile(join(folder, `${page}.json`), text);
      const [, link]: readonly (string | undefined)[] = NEXT.exec(text.slice(0, 2000)) ?? [];
      url = link === undefined ? undefined : (JSON.parse(link) as string);
    }
    agent.destroy();
    return { charge: await addUp(folder) };
  } finally {
    await rm(folder, { recursive: true });
  }
});

async function addUp(folder: string): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const logs = `read_json('${folder}/*.json', columns = {data: 'STRUCT(room_name VARCHAR, charge DECIMAL(18, 6))[]'})`;
  const reader = await connection.runAndReadAll(`
    WITH logs AS (SELECT unnest(data) AS log FROM ${logs}),
      rooms AS (SELECT log.room_name, sum(log.charge) AS charge FROM logs GROUP BY ALL)
    SELECT CAST(sum(charge) AS VARCHAR) FROM rooms`);
  const [[charge] = []] = reader.getRows();
  return String(charge);
}
