import { makeBundles } from './bundles.ts';
import { type ColdStart, measureColdStart } from './cold-start.ts';
import { type Entrant, hold, type Result } from './contest.ts';
import { faultsOf } from './faults.ts';
import { thisMachine } from './machine.ts';
import { readCommand } from './options.ts';
import { fullPlan, quickPlan } from './plan.ts';
import { blocksOf } from './report/blocks.ts';
import { keep } from './report/keep.ts';
import { CONTESTS, type ContestName, isComplete, type SomeResults } from './results.ts';

const COLD_STARTS_A_ROUND = 4;

const command = readCommand();
const { rounds, quick, only, clients } = command;
const plan = quick ? quickPlan(command) : fullPlan(command);
console.log('Bundling …');
const bundles = await makeBundles();

const contests: Partial<Record<ContestName, Result[]>> = {};
for (const name of CONTESTS.filter((contest) => only.includes(contest))) {
  // The floor always runs: without it the ratios would be to some other client.
  const entrants = plan[name].filter(({ client }) => client === 'floor' || clients.includes(client));
  if (entrants.length === 0) continue;
  contests[name] = await hold(entrants, rounds, bundles, (entrant, { seconds, peakRssMb }) => {
    console.log(`${name}: ${nameOf(entrant)}: ${seconds.toFixed(2)} s, ${peakRssMb.toFixed(0)} MB`);
  });
}
const coldStart: ColdStart | null = only.includes('cold')
  ? await measureColdStart(bundles, rounds * COLD_STARTS_A_ROUND)
  : null;

const results: SomeResults = { machine: thisMachine(), rounds, contests, coldStart };
for (const [name, block] of Object.entries(blocksOf(results))) {
  // Neither means anything for such a small day.
  if (!(quick && ['targets', 'cost'].includes(name))) console.log(`\n${block}`);
}
if (command.write) {
  if (quick || !isComplete(results))
    throw new Error('Only a complete run can be saved: leave out --quick, --only and --clients');
  await keep(results);
}

const faults = faultsOf(results);
for (const fault of faults) console.error(`\nFault: ${fault}`);
// Slowness is only printed; wrong results fail the run.
process.exitCode = faults.length === 0 ? 0 : 1;

function nameOf({ client, logs, rooms, latencyMs }: Entrant): string {
  return `${client}, ${logs} logs, ${rooms} rooms${latencyMs > 0 ? `, ${latencyMs} ms a page` : ''}`;
}
