// What `npm run agents` prints at its end.
import type { Verdict } from './verdict.ts';

export interface Row {
  readonly agent: string;
  readonly version: string;
  readonly dialect: string;
  readonly verdict: Verdict;
}

const heads = ['agent', 'version', 'dialect', 'signatures', 'result'];

/** A line each, in columns. */
export function tableOf(rows: readonly Row[]): string {
  const cells = [heads, ...rows.map(cellsOf)];
  const widths = heads.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  return cells.map((row) => lineOf(row, widths)).join('\n');
}

function cellsOf(row: Row): string[] {
  const { signatures, result } = resultOf(row);
  return [row.agent, row.version, row.dialect, signatures, result];
}

/** How it went, in words. */
export function resultOf({ verdict: { faults, signatures } }: Row): {
  readonly signatures: string;
  readonly result: string;
} {
  const { real, dummy } = signatures;
  return {
    signatures: `${real} of ${real + dummy}`,
    result: faults.length === 0 ? 'passed' : faults.join('; '),
  };
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join('  ')
    .trimEnd();
}
