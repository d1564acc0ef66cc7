const levels = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

/** As the module reads it: what is none of the levels is info. */
const levelOf = (setting: unknown): number => {
  const found = levels.indexOf(
    String(setting ?? '')
      .trim()
      .toLowerCase() as Level,
  );
  return found < 0 ? levels.indexOf('info') : found;
};

/**
 * Characters that JSON lets through, though a terminal obeys the first and turns a line round by the
 * others; as they stand between the brackets of a regular expression. What clients and Google say
 * comes into the log, and the log onto terminals.
 */
export const unseenInJson = '\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069';
const unseen = new RegExp(`[${unseenInJson}]`, 'g');

/** The same JSON, with such characters escaped. */
const spelled = (line: string): string =>
  line.replace(unseen, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** What the worker itself has to tell: a JSON line each, as the module's lines are, from LOG_LEVEL up. */
export class Log {
  readonly #least: number;

  /** With the value of LOG_LEVEL. */
  constructor(setting: unknown) {
    this.#least = levelOf(setting);
  }

  info(event: string, fields: object): void {
    this.#write('info', event, fields);
  }

  warn(event: string, fields: object): void {
    this.#write('warn', event, fields);
  }

  error(event: string, fields: object): void {
    this.#write('error', event, fields);
  }

  #write(level: Level, event: string, fields: object): void {
    if (levels.indexOf(level) < this.#least) return;
    const line = { time: new Date().toISOString(), level, event, ...fields };
    console[level](spelled(JSON.stringify(line)));
  }
}

/** A line of the module, which keeps to LOG_LEVEL by itself. */
export const passLine = (level: number, line: string): void =>
  console[levels[level] ?? 'error'](spelled(line));
