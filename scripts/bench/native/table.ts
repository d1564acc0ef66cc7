import type { Cost } from './profile.ts';

export interface Row {
  name: string;
  nanoseconds: number;
  instructions: number;
  /** Instructions that the baseline has; none for a new case. */
  expected: number | undefined;
  costs: readonly Cost[];
}

/** In percent. A larger change is no accident: two runs of one program differ far less. */
const tolerance = 3;

export function table(rows: readonly Row[]): string {
  const head = line('', 'ns', 'instructions', 'change');
  return [head, ...rows.flatMap((row) => [rowLine(row), ...row.costs.map(costLine)])].join('\n');
}

function rowLine({ name, nanoseconds, instructions, expected }: Row): string {
  return line(name, grouped(nanoseconds), grouped(instructions), change(instructions, expected));
}

function costLine({ name, instructions }: Cost): string {
  return `${line('', '', grouped(instructions), '')}  ${name}`;
}

function line(name: string, nanoseconds: string, instructions: string, changed: string): string {
  return [name.padEnd(24), nanoseconds.padStart(13), instructions.padStart(13), changed]
    .join('  ')
    .trimEnd();
}

function change(instructions: number, expected: number | undefined): string {
  if (expected === undefined) return 'new';
  const percent = Math.round((1000 * (instructions - expected)) / expected) / 10;
  const text = `${percent < 0 ? '' : '+'}${percent.toFixed(1)} %`;
  if (Math.abs(percent) <= tolerance) return text;
  return `${text}  ${percent < 0 ? '<< fewer' : '<< MORE'}`;
}

function grouped(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ' ');
}
