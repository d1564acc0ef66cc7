// Measures what Rondo costs beside a Worker that only passes on, and prints the table with the
// goals. `--rounds N` (default 9), `--only TEXT` for rows with that text, `--write` puts the figures
// into docs/performance.md.
import { parseArgs } from 'node:util';
import { type ColdStart, coldStart } from './coldstart.ts';
import { startGoogle } from './google.ts';
import { loadOf, type Sample, sample, warm } from './measure.ts';
import { memoryOfStreams } from './memory.ts';
import { coldGoals, type Figures, memoryGoal, report, writeReport } from './report.ts';
import { type Row, rows } from './rows.ts';
import { buildSubjects, type Subject, type SubjectName, startSubject } from './subjects.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
});

const compared = ['floor', 'pump', 'rondo'] as const satisfies readonly SubjectName[];
const rounds = Number(values.rounds);
const chosen = rows.filter(({ name }) => name.includes(values.only));
const isColdChosen = coldGoals.some(({ name }) => name.includes(values.only));
const isMemoryChosen = memoryGoal.name.includes(values.only);

const codes = await buildSubjects();
const google = await startGoogle();
try {
  const figures = {
    rounds,
    rows: await measureRows(),
    cold: isColdChosen ? await measureCold() : {},
    memory: isMemoryChosen ? await measureMemory() : [],
  };
  console.log(report(figures));
  if (values.write) writeReport(figures);
} finally {
  google.end();
}

async function measureRows(): Promise<Figures['rows']> {
  if (chosen.length === 0) return [];
  const subjects: Subject[] = [];
  for (const name of compared) subjects.push(await startSubject(name, codes[name], google));
  const measured: Figures['rows'][number][] = [];
  try {
    for (const row of chosen) measured.push({ row, samples: await measureRow(row, subjects) });
  } finally {
    for (const subject of subjects) await subject.end();
  }
  return measured;
}

/** In each round every worker has its turn, so that a slow minute hits all alike. */
async function measureRow(
  row: Row,
  subjects: readonly Subject[],
): Promise<Partial<Record<SubjectName, Sample[]>>> {
  console.error(`bench: ${row.name}`);
  await google.answer(row.answer);
  const load = loadOf(row);
  const samples: Partial<Record<SubjectName, Sample[]>> = {};
  for (const subject of subjects) await warm(subject, row, load);
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of subjects) {
      samples[subject.name] ??= [];
      samples[subject.name]?.push(await sample(subject, row, load));
    }
  }
  return samples;
}

async function measureCold(): Promise<Figures['cold']> {
  console.error('bench: cold');
  await google.answer({ events: 1, bytes: 400 });
  const cold: Record<string, ColdStart[]> = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['null', ...compared] as const) {
      cold[name] ??= [];
      cold[name].push(await coldStart(name, codes, google));
    }
  }
  return cold;
}

/** Two rounds: a count moves little. */
async function measureMemory(): Promise<readonly number[]> {
  console.error(`bench: ${memoryGoal.name}`);
  // Long enough for all streams to be open at once.
  await google.answer({ events: 600, bytes: 60, interval: 1000 });
  return [await memoryOfStreams(codes, google), await memoryOfStreams(codes, google)];
}
