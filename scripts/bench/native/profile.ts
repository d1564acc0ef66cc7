import type { Count } from './instructions.ts';
import { outputOf } from './program.ts';

export interface Cost {
  name: string;
  /** Instructions of one iteration that are in the function itself, not in what it calls. */
  instructions: number;
}

/** The costliest functions of a case, the costliest first. */
export async function costliest({ profile, runs }: Count, most: number): Promise<Cost[]> {
  const args = ['--auto=no', '--threshold=100', profile];
  return ownCosts(await outputOf('callgrind_annotate', args))
    .slice(0, most)
    .map(({ name, instructions }) => ({
      name: shorten(name),
      instructions: Math.round(instructions / runs),
    }));
}

/**
 * The lines `1,234 (56.7%)  file:function [object]`. What is inlined stands under the function it
 * is in, a line for each file it is from, and a recursive call is another line ('2): all are summed.
 */
function ownCosts(annotated: string): Cost[] {
  const sums = new Map<string, number>();
  for (const line of annotated.split('\n')) {
    const [, count, name] = /^ *([\d,]+) +(?:\( *[\d.]+%\) +)?[^:]*:(.+)$/.exec(line) ?? [];
    if (count === undefined || name === undefined) continue;
    const key = name.replace(/ \[[^\]]*\]$/, '').replace(/'\d+$/, '');
    sums.set(key, (sums.get(key) ?? 0) + Number(count.replaceAll(',', '')));
  }
  const costs = [...sums].map(([name, instructions]) => ({ name, instructions }));
  return costs.sort((one, other) => other.instructions - one.instructions);
}

/** Without the arguments, of templates and functions, that make a name fill the screen. */
function shorten(name: string): string {
  let short = name;
  for (let before = ''; before !== short; ) {
    before = short;
    short = short.replace(/<[^<>]*>/g, '').replace(/\([^()]*\)/g, '');
  }
  return short.replace(/json_abi_v[\d_]+::/g, '').replace(/\[abi:\w+\]/g, '');
}
