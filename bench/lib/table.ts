import { figure } from './print.js';
import type { BenchRow } from './row.js';

/** Rows as a Markdown table, each with the command that measures it again. */
export function tableOf(results: readonly { name: string; rows: readonly BenchRow[] }[]): string {
  const lines = [['Work', 'Threads', 'Peer', 'Ratio', 'Goal', 'Measured by']];
  for (const { name, rows } of results) {
    for (const { work, threads, peer, peer_version, ratio, goal } of rows) {
      const versioned = `${peer} ${peer_version.replace(/\+.*/, '')}`.trim();
      const command = `\`npm run bench -- ${name}\``;
      lines.push([work, `${threads}`, versioned, `${figure(Number(ratio.toPrecision(3)))}x`, `${goal}x`, command]);
    }
  }
  lines.splice(1, 0, ['---', '---', '---', '---', '---', '---']);
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
