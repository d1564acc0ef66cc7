import { outputOf, program, resultPath } from './program.ts';

/** The one function below which is counted: bench_rondo's preparations stay outside. */
const measured = 'rondo::bench::measured*';

/** A multiple of every batch in bench_rondo. */
const usualRuns = 64;

/** Cases that take milliseconds, some hundred times that under callgrind. */
const heavyRuns: Readonly<Record<string, number>> = {
  'request/history_1mb': 2,
  'request/agent_chat': 2,
  'request/agent_responses': 2,
  'request/agent_messages': 2,
  'request/image_8mb': 1,
  'stream/burst_1000': 2,
};

export interface Count {
  /** Instructions of one iteration. */
  instructions: number;
  /** The longer run, for callgrind_annotate … */
  profile: string;
  /** … and how many iterations it was. */
  runs: number;
}

interface Run {
  instructions: number;
  profile: string;
}

/** What n further iterations cost, so that what only the first ones cost is left out. */
export async function countCase(name: string): Promise<Count> {
  const runs = heavyRuns[name] ?? usualRuns;
  const shorter = await runCounted(name, runs);
  const longer = await runCounted(name, 2 * runs);
  return {
    instructions: Math.round((longer.instructions - shorter.instructions) / runs),
    profile: longer.profile,
    runs: 2 * runs,
  };
}

async function runCounted(name: string, runs: number): Promise<Run> {
  const profile = resultPath(`callgrind.${name}.${runs}`);
  const output = await outputOf('valgrind', [
    '--tool=callgrind',
    `--toggle-collect=${measured}`,
    `--callgrind-out-file=${profile}`,
    program,
    '--once',
    name,
    String(runs),
  ]);
  const collected = /Collected : (\d+)/.exec(output)?.[1];
  if (collected === undefined) throw new Error(`callgrind told no count for ${name}\n${output}`);
  return { instructions: Number(collected), profile };
}
