// The figures as tables, for the terminal and for docs/performance.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../build/cmake.ts';
import type { ColdStart } from './coldstart.ts';
import type { Sample } from './measure.ts';
import { streams } from './memory.ts';
import type { Row } from './rows.ts';
import { median, quantile, type Spread, spread } from './statistics.ts';
import type { SubjectName } from './subjects.ts';

export interface Figures {
  readonly rounds: number;
  readonly rows: readonly {
    readonly row: Row;
    readonly samples: Readonly<Partial<Record<SubjectName, readonly Sample[]>>>;
  }[];
  /** One for each round. */
  readonly cold: Readonly<Partial<Record<SubjectName, readonly ColdStart[]>>>;
  /** Bytes of the module's memory, one for each round. */
  readonly memory: readonly number[];
}

interface ColdGoal {
  readonly name: string;
  readonly milliseconds: number;
  of(each: ColdStart): number;
}

/** A cold start, of which a request's own time limit sees the first chat alone. */
export const coldGoals: readonly ColdGoal[] = [
  {
    name: 'cold: CPU of start-up over a null Worker’s',
    milliseconds: 29,
    of: ({ start }) => start,
  },
  {
    name: 'cold: CPU of the first chat over a null Worker’s',
    milliseconds: 6,
    of: ({ chat }) => chat,
  },
  {
    name: 'cold: CPU of both',
    milliseconds: 35,
    of: ({ start, chat }) => start + chat,
  },
  {
    name: 'cold: CPU of the first chat, no other isolate having started since',
    milliseconds: 6,
    of: ({ chatOfLast }) => chatOfLast,
  },
];

/** What an isolate has for all. */
export const memoryGoal = {
  name: `the module’s memory with ${streams} streams side by side, each with a history of 1 MB`,
  megabytes: 128,
};

const page = join(root, 'docs', 'performance.md');
const marks = { begin: '<!-- figures: begin -->', end: '<!-- figures: end -->' };

export const report = (figures: Figures): string =>
  [
    ratioTable(figures),
    `Median of ${figures.rounds} rounds’ own ratios, least and most of them in brackets.`,
    latencyTable(figures),
  ].join('\n\n');

/** Puts the figures between the marks of docs/performance.md. */
export const writeReport = (figures: Figures): void => {
  const text = readFileSync(page, 'utf8');
  const [before, after] = [text.indexOf(marks.begin), text.indexOf(marks.end)];
  if (before < 0 || after < before) throw new Error(`${page} has no place for the figures`);
  const head = text.slice(0, before + marks.begin.length);
  writeFileSync(page, `${head}\n${report(figures)}\n${text.slice(after)}`);
};

const table = (lines: readonly (readonly string[])[]): string =>
  lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');

// --- CPU as a ratio ---

const ratioTable = ({ rows, cold, memory }: Figures): string =>
  table([
    ['CPU a request ÷ the floor’s', 'floor', 'through WASM', 'Rondo', 'goal', ''],
    ['---', '---', '---', '---', '---', '---'],
    ...rows.map(({ row, samples }) => {
      const rondo = ratios(samples.rondo, samples.floor);
      const { times, of } = row.goal;
      const floor = median(samples.floor?.map(({ cpu }) => cpu) ?? []);
      return [
        row.name,
        `1 (${floor.toFixed(2)} ms)`,
        ratioText(ratios(samples.pump, samples.floor)),
        ratioText(rondo),
        of === 'floor' ? `≤ ${times}` : `≤ ${times} × through WASM`,
        verdict(ratios(samples.rondo, samples[of]).middle <= times),
      ];
    }),
    ...(cold.null ? coldGoals.map((goal) => coldLine(goal, cold)) : []),
    ...(memory.length > 0 ? [memoryLine(memory)] : []),
  ]);

/** Round by round: what slows the machine down for a while slows both. */
const ratios = (
  samples: readonly Sample[] | undefined,
  others: readonly Sample[] | undefined,
): Spread =>
  spread((samples ?? []).map(({ cpu }, round) => cpu / (others?.[round]?.cpu ?? Number.NaN)));

const ratioText = ({ middle, least, most }: Spread): string =>
  `${middle.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;

const verdict = (isMet: boolean): string => (isMet ? 'met' : '**missed**');

const coldLine = (goal: ColdGoal, cold: Figures['cold']): string[] => {
  const over = (name: SubjectName): Spread =>
    spread(
      (cold[name] ?? []).map((each, round) => {
        const none = cold.null?.[round];
        return goal.of(each) - (none ? goal.of(none) : Number.NaN);
      }),
    );
  const text = ({ middle, least, most }: Spread): string =>
    `${middle.toFixed(1)} ms (${least.toFixed(1)}–${most.toFixed(1)})`;
  const rondo = over('rondo');
  return [
    goal.name,
    text(over('floor')),
    text(over('pump')),
    text(rondo),
    `≤ ${goal.milliseconds} ms`,
    verdict(rondo.middle <= goal.milliseconds),
  ];
};

const memoryLine = (memory: readonly number[]): string[] => {
  const most = Math.max(...memory) / 1e6;
  const { name, megabytes } = memoryGoal;
  return [name, '–', '–', `${most.toFixed(1)} MB`, `≤ ${megabytes} MB`, verdict(most <= megabytes)];
};

// --- What a client sees ---

const latencyTable = ({ rows }: Figures): string =>
  table([
    ['', 'requests/s', 'p50 ms', 'p99 ms', 'first byte p50 ms', 'peak memory MB'],
    ['---', '---', '---', '---', '---', '---'],
    ...rows.flatMap(({ row, samples }) =>
      (['floor', 'pump', 'rondo'] as const).map((name) =>
        latencyLine(`${row.name}: ${name}`, samples[name] ?? []),
      ),
    ),
  ]);

const latencyLine = (name: string, samples: readonly Sample[]): string[] => {
  const timings = samples.flatMap((each) => each.timings);
  const whole = timings.map((each) => each.whole);
  return [
    name,
    median(samples.map(({ perSecond }) => perSecond)).toFixed(0),
    quantile(whole, 0.5).toFixed(1),
    quantile(whole, 0.99).toFixed(1),
    median(timings.map(({ firstByte }) => firstByte)).toFixed(1),
    (Math.max(...samples.map(({ peak }) => peak)) / 1e6).toFixed(0),
  ];
};
