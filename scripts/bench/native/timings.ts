import { readFileSync } from 'node:fs';
import { outputOf, program, resultPath } from './program.ts';

/** As much as is read of Google Benchmark's JSON. */
interface Report {
  benchmarks: { run_name: string; aggregate_name?: string; cpu_time: number }[];
}

/**
 * The median time in nanoseconds of each case whose name begins so, in the program's order. CPU
 * time, since other programs' turns are of no interest.
 */
export async function timeCases(prefix: string): Promise<Map<string, number>> {
  const path = resultPath('timings.json');
  await outputOf(program, [
    `--benchmark_filter=^${prefix}`,
    '--benchmark_repetitions=5',
    '--benchmark_min_time=0.1',
    '--benchmark_report_aggregates_only=true',
    `--benchmark_out=${path}`,
    '--benchmark_out_format=json',
  ]);
  const text = readFileSync(path, 'utf8');
  if (text === '') throw new Error(`there is no case that begins with ${prefix}`);
  const { benchmarks }: Report = JSON.parse(text);
  const medians = benchmarks.filter((each) => each.aggregate_name === 'median');
  return new Map(medians.map((each) => [each.run_name, each.cpu_time]));
}
