import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../build/cmake.ts';
import { capture } from '../build/command.ts';

export interface Target {
  name: string;
  /** Folders of seeds, from the root. */
  seeds: string[];
  /** The longest input to try, in bytes. */
  longest: number;
}

export interface Campaign {
  name: string;
  summary: string;
  found: boolean;
}

export const targets: Target[] = [
  { name: 'request', seeds: ['tests/fuzz/corpus/request'], longest: 8192 },
  {
    name: 'dialect_request',
    seeds: ['tests/fuzz/corpus/dialect_request', 'tests/fuzz/corpus/request'],
    longest: 8192,
  },
  {
    name: 'dialect_answer',
    seeds: ['tests/fuzz/corpus/stream', 'tests/fixtures'],
    longest: 8192,
  },
  { name: 'form', seeds: ['tests/fuzz/corpus/form'], longest: 4096 },
  { name: 'frames', seeds: ['tests/fuzz/corpus/frames'], longest: 1024 },
  { name: 'nested', seeds: ['tests/fuzz/corpus/nested'], longest: 1024 },
  { name: 'schema', seeds: ['tests/fuzz/corpus/schema'], longest: 8192 },
  { name: 'stored', seeds: ['tests/fuzz/corpus/stored'], longest: 4096 },
  { name: 'stream', seeds: ['tests/fuzz/corpus/stream', 'tests/fixtures'], longest: 8192 },
];

/** Runs one target's program until its time is up or something is found. */
export async function fuzz({ name, seeds, longest }: Target, seconds: number): Promise<Campaign> {
  const corpus = join(root, 'build', 'fuzz', 'corpus', name);
  const findings = join(root, 'build', 'fuzz', 'findings');
  for (const folder of [corpus, findings]) mkdirSync(folder, { recursive: true });
  const options = [
    `-max_total_time=${seconds}`,
    `-max_len=${longest}`,
    // An input may take ten seconds under sanitizers, and what an isolate has eight times over.
    '-timeout=10',
    '-rss_limit_mb=1024',
    `-artifact_prefix=${join(findings, name)}-`,
    '-dict=tests/fuzz/json.dict',
    '-print_final_stats=1',
  ];
  const program = join(root, 'build', 'fuzz', 'tests', 'fuzz', `fuzz_${name}`);
  const { code, output } = await capture(program, [...options, corpus, ...seeds], { cwd: root });
  if (code !== 0) process.stdout.write(report(output));
  return { name, found: code !== 0, summary: summarize(output, code) };
}

/** What a person needs of libFuzzer's output: what is broken, where, and the input's path. */
function report(output: string): string {
  const lines = output.split('\n');
  const start = lines.findIndex((line) => /BROKEN|ERROR|runtime error/.test(line));
  return `${lines.slice(Math.max(start, 0)).slice(0, 60).join('\n')}\n`;
}

function summarize(output: string, code: number): string {
  const inputs = /number_of_executed_units: *(\d+)/.exec(output)?.[1] ?? 'no';
  const input = /written to (.+)$/m.exec(output)?.[1];
  if (code === 0) return `${inputs} inputs, nothing found`;
  return input ? `FOUND, see ${input}` : `FAILED with exit code ${code}`;
}
