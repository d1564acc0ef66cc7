import { unseenInJson } from '../../worker/core/log.ts';

/** What a command prints on. Of what texts bring along to steer a terminal, colours alone are printed. */
export interface Screen {
  line(text?: string): void;
  good(text: string): void;
  warn(text: string): void;
  bad(text: string): void;
  table(head: readonly string[], rows: readonly (readonly string[])[]): void;
  readonly paint: Paint;
}

export type Colour = 'red' | 'green' | 'yellow' | 'dim' | 'bold';
export type Paint = (colour: Colour, text: string) => string;

const codes: Readonly<Record<Colour, number>> = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 };

/** Colours are for terminals, unless NO_COLOR is set: https://no-color.org */
export function painter(env: NodeJS.Dict<string>, terminal: { isTTY?: boolean }): Paint {
  const colourful = terminal.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  return (colour, text) => (colourful ? `\x1b[${codes[colour]}m${text}\x1b[0m` : text);
}

// Controls, but for tabs and line ends; marks that turn or break a line without being seen.
const unseen = `\\x00-\\x08\\x0b-\\x1f${unseenInJson}`;
const unseenOnes = new RegExp(`[${unseen}]`, 'g');
const unseenButColours = new RegExp(
  `(\\x1b\\[(?:${[...Object.values(codes), 0].join('|')})m)|[${unseen}]`,
  'g',
);

/** A text without what could move a cursor, reorder what stands beside it, or speak to a terminal. */
export const plain = (text: string): string => text.replace(unseenOnes, '');

/** The same, as a part of one line. */
export const inOneLine = (text: string): string => plain(text).replace(/[\t\n]+/g, ' ');

/** Rows as columns, padded to the widest cell of each. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(inOneLine));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

export function makeScreen(write: (text: string) => void, paint: Paint): Screen {
  const line = (text = ''): void => write(`${text.replace(unseenButColours, '$1')}\n`);
  const marked = (colour: Colour, mark: string) => (text: string) =>
    line(`${paint(colour, mark)} ${plain(text)}`);
  return {
    line,
    good: marked('green', 'ok   '),
    warn: marked('yellow', 'note '),
    bad: marked('red', 'FAULT'),
    table(head, rows) {
      const [first = '', ...rest] = columns([head, ...rows]);
      line(paint('bold', first));
      for (const row of rest) line(row);
    },
    paint,
  };
}
