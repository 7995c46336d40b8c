import { costBlock } from '../cost/block.ts';
import { isComplete, type SomeResults } from '../results.ts';
import { contestBlocks } from './contest-tables.ts';
import { targetsTable } from './targets.ts';

/** What the page shows of the results, in Markdown, by the name of its block there. */
export function blocksOf(results: SomeResults): Readonly<Record<string, string>> {
  return {
    machine: machineText(results),
    targets: targetsTable(results),
    ...contestBlocks(results),
    ...(isComplete(results) && { cost: costBlock(results) }),
  };
}

function machineText({ machine, rounds }: SomeResults): string {
  const { cpu, cores, node, pinned, date } = machine;
  const placed = pinned ? 'the client on one core, all servers on another' : 'client and servers on any core';
  return `Measured on ${date}: Node ${node}, ${cores} cores (${cpu}), ${placed}; ${rounds === 1 ? 'one round' : `medians of ${rounds} rounds`}.`;
}
