import type { VNode } from 'preact';
import { render } from 'preact-render-to-string';
import { CLIENTS } from '../clients.ts';
import type { Result } from '../contest.ts';
import { grouped } from './markdown.ts';

const WIDTH = 920;
const ROW = 34;
const TOP = 70;
/** Where each half's bars begin, and how long its longest is: the labels beside them must fit in between. */
const TIME = { x: 330, length: 210 };
const MEMORY = { x: 670, length: 170 };

const INK = '#1f2933';
const FAINT = '#616e7c';
const OURS = '#0b6e4f';
const OTHERS = '#9aa5b1';
const FLOOR = '#d9a441';

/** A chart of time and memory as SVG, with one row for each client that finished. */
export function chart(results: readonly Result[]): string {
  const rows = results.flatMap(({ client, wrongBy, figures }) =>
    figures === null ? [] : [{ client, isWrong: wrongBy !== null, ...figures }],
  );
  const height = TOP + rows.length * ROW + 14;
  const longest = Math.max(...rows.map(({ ratio }) => ratio));
  const largest = Math.max(...rows.map(({ peakRssMb }) => peakRssMb));
  const size = `${grouped(results[0]?.logs ?? 0)} logs, ${grouped(results[0]?.rooms ?? 0)} rooms, 0 ms a page`;
  return `${render(
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={WIDTH}
      height={height}
      viewBox={`0 0 ${WIDTH} ${height}`}
      font-family="Liberation Sans, Arial, sans-serif"
    >
      <rect width={WIDTH} height={height} fill="#ffffff" />
      <text x="20" y="28" font-size="16" font-weight="bold" fill={INK}>{`One day: ${size}`}</text>
      <text x={TIME.x} y="54" font-size="13" fill={FAINT}>
        time, × floor
      </text>
      <text x={MEMORY.x} y="54" font-size="13" fill={FAINT}>
        peak memory, MB
      </text>
      {rows.map(({ client, isWrong, ratio, peakRssMb }, index) => {
        const y = TOP + index * ROW;
        const fill = colourOf(client);
        return (
          <g key={client}>
            <text x={TIME.x - 12} y={y + 16} font-size="13" fill={INK} text-anchor="end">
              {labelOf(client)}
            </text>
            {bar(TIME, y, ratio / longest, ratio.toFixed(2) + (isWrong ? ', sum wrong' : ''), fill)}
            {bar(MEMORY, y, peakRssMb / largest, grouped(peakRssMb), fill)}
          </g>
        );
      })}
    </svg>,
  )}\n`;
}

function bar({ x, length }: typeof TIME, y: number, part: number, text: string, fill: string): VNode {
  const width = Math.max(2, Math.round(part * length));
  return (
    <>
      <rect x={x} y={y} width={width} height="22" rx="2" fill={fill} />
      <text x={x + width + 6} y={y + 16} font-size="13" fill={INK}>
        {text}
      </text>
    </>
  );
}

function colourOf(client: Result['client']): string {
  if (client === 'floor') return FLOOR;
  return client === 'sums' || client === 'job' ? OURS : OTHERS;
}

function labelOf(client: Result['client']): string {
  return CLIENTS.find(({ name }) => name === client)?.label ?? client;
}
