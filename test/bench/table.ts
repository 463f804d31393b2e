/** One scenario on one database. */
export interface Line {
  readonly scenario: string;
  readonly database: string;
  readonly customers: number;
  readonly repeats: number;
  /** Customers a second. */
  readonly ideal: number;
  readonly truce: number;
  /** Truce's time as a multiple of the ideal's: the median of pairs that ran one after the other. */
  readonly ratio: number;
  /** The same of processor time, its database's with it: what else runs on the machine hardly moves it. */
  readonly cpuRatio: number;
  /** Calls a customer: ideal, Truce. */
  readonly calls: readonly [number, number];
  /** Peak, MB: ideal, Truce. */
  readonly memory: readonly [number, number];
  /** Event loop, p99, ms. */
  readonly gap: number;
  /** Acknowledgement of a command meanwhile, ms: p50, p99; null where the run was too short for one. */
  readonly ack: readonly [number, number] | null;
}

const columns: readonly [string, (line: Line) => string][] = [
  ['Scenario', (line) => line.scenario],
  ['Database', (line) => line.database],
  ['Customers', (line) => whole(line.customers)],
  ['Repeats', (line) => whole(line.repeats)],
  ['Ideal, customers/s', (line) => whole(line.ideal)],
  ['Truce, customers/s', (line) => whole(line.truce)],
  ['**Truce ÷ ideal**', (line) => `**${line.ratio.toFixed(2)}**`],
  ['**Processor, Truce ÷ ideal**', (line) => `**${line.cpuRatio.toFixed(2)}**`],
  ['Calls a customer: ideal, Truce', (line) => line.calls.map((calls) => calls.toFixed(3)).join(', ')],
  ['Peak memory, MB: ideal, Truce', (line) => line.memory.map(whole).join(', ')],
  ['Loop gap p99, ms', (line) => line.gap.toFixed(1)],
  ['Ack p50, p99, ms', (line) => line.ack?.map((ms) => ms.toFixed(1)).join(', ') ?? '–'],
];

const whole = (n: number) => Math.round(n).toLocaleString('en-AU');

/** As Markdown. */
export function table(lines: readonly Line[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(columns.map(([title]) => title)),
    row(columns.map((_, i) => (i < 2 ? '---' : '--:'))),
    ...lines.map((line) => row(columns.map(([, cell]) => cell(line)))),
  ].join('\n');
}
