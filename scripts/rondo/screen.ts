/** What a command prints on. Texts from elsewhere lose the control characters that could move a cursor. */
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

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
export const plain = (text: string): string => text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '');

/** Rows as columns, padded to the widest cell of each. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => plain(cell).replaceAll('\n', ' ')));
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
  const line = (text = ''): void => write(`${text}\n`);
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
