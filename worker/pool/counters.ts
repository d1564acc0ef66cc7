import { bounds } from '../core/bounds.ts';

/** Numbers under a key, in a minute (its beginning) or, at 0, of all time. Nobody here knows of what. */
export type Row = readonly [at: number, key: string, numbers: readonly number[]];

type Rows = Map<string, number[]>;

const minute = 60_000;
const quarter = 15 * minute;
const { countRows, countRowsKept, countTotals, countKeyChars, countNumbers } = bounds;

const isNumber = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

const isRow = (value: unknown): value is Row =>
  Array.isArray(value) &&
  value.length === 3 &&
  isNumber(value[0]) &&
  typeof value[1] === 'string' &&
  value[1].length <= countKeyChars &&
  Array.isArray(value[2]) &&
  value[2].length <= countNumbers &&
  value[2].every(isNumber);

const rowsIn = (value: unknown): Row[] =>
  Array.isArray(value) ? value.slice(0, countRows).filter(isRow) : [];

const addTo = (rows: Rows, key: string, numbers: readonly number[]): void => {
  const known = rows.get(key);
  if (known === undefined) rows.set(key, [...numbers]);
  else for (const [place, number] of numbers.entries()) known[place] = (known[place] ?? 0) + number;
};

/** Rows by steps of time, of which so many are kept. Of too many rows the oldest step goes first. */
class Steps {
  readonly step: number;
  readonly #most: number;
  readonly #steps = new Map<number, Rows>();
  #rows = 0;

  constructor(step: number, most: number) {
    this.step = step;
    this.#most = most;
  }

  /** The step that the row belongs to; nothing when it is not kept. */
  add([at, key, numbers]: Row, now: number): number | undefined {
    const step = at - (at % this.step);
    if (step > now + this.step || step <= now - this.#most * this.step) return undefined;
    const rows = this.#steps.get(step) ?? new Map<string, number[]>();
    this.#steps.set(step, rows);
    if (!rows.has(key)) this.#rows += 1;
    addTo(rows, key, numbers);
    this.#trim(now);
    return step;
  }

  list(now: number): Row[] {
    this.#trim(now);
    return [...this.#steps.keys()].flatMap((at) => this.of(at));
  }

  of(at: number): Row[] {
    return Array.from(this.#steps.get(at) ?? [], ([key, numbers]) => [at, key, numbers] as const);
  }

  #trim(now: number): void {
    for (const at of [...this.#steps.keys()].sort((a, b) => a - b)) {
      const isOld = at <= now - this.#most * this.step;
      if (!isOld && this.#rows <= countRowsKept) return;
      this.#rows -= this.#steps.get(at)?.size ?? 0;
      this.#steps.delete(at);
    }
  }
}

/**
 * The sums of what the isolates count: the last hour by the minute, the last day by the quarter of an
 * hour, and all of it. They are kept in memory and written once in ten seconds at most, a row a step,
 * so that what they cost doesn't grow with what is counted. An object that is ended loses what came
 * since: a timer that writes it would keep the object, and its costs, alive.
 */
export class Counters {
  readonly #sql: SqlStorage;
  readonly #minutes = new Steps(minute, bounds.countMinutes);
  readonly #quarters = new Steps(quarter, bounds.countQuarters);
  readonly #totals: Rows = new Map();
  readonly #unwritten = new Set<string>();
  #since = 0;
  #isRead = false;
  #writtenAt = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(
      'CREATE TABLE IF NOT EXISTS counts (span INTEGER, at INTEGER, rows TEXT, PRIMARY KEY (span, at)) WITHOUT ROWID',
    );
  }

  /** Takes in JSON rows, and leaves out what is none. */
  add(text: string, now: number): void {
    this.#read(now);
    for (const row of rowsIn(JSON.parse(text))) this.#add(row, now);
    if (this.#since === 0) this.#since = now;
    if (now - this.#writtenAt >= bounds.countWriteMs) this.#write(now);
  }

  /** The sums as JSON. */
  tell(span: 'totals' | 'hour' | 'day', now: number): string {
    this.#read(now);
    const since = this.#since === 0 ? now : this.#since;
    const totals = Array.from(this.#totals, ([key, numbers]) => [0, key, numbers]);
    return JSON.stringify({
      since,
      ...(span === 'totals' && { totals }),
      ...(span === 'hour' && { minutes: this.#minutes.list(now) }),
      ...(span === 'day' && { quarters: this.#quarters.list(now) }),
    });
  }

  #write(now: number): void {
    this.#writtenAt = now;
    for (const place of this.#unwritten) {
      const [span = 0, at = 0] = place.split(' ').map(Number);
      this.#sql.exec(
        'INSERT OR REPLACE INTO counts (span, at, rows) VALUES (?, ?, ?)',
        span,
        at,
        JSON.stringify(this.#rowsOf(span, at)),
      );
    }
    this.#unwritten.clear();
    for (const { span, most } of spans) {
      if (span > 0) {
        this.#sql.exec('DELETE FROM counts WHERE span = ? AND at <= ?', span, now - most * span);
      }
    }
  }

  #add(row: Row, now: number): void {
    const [at, key, numbers] = row;
    if (at === 0) {
      if (!this.#totals.has(key) && this.#totals.size >= countTotals) return;
      addTo(this.#totals, key, numbers);
      this.#unwritten.add(`0 ${this.#since === 0 ? now : this.#since}`);
      return;
    }
    for (const steps of [this.#minutes, this.#quarters]) {
      const step = steps.add(row, now);
      if (step !== undefined) this.#unwritten.add(`${steps.step} ${step}`);
    }
  }

  #rowsOf(span: number, at: number): readonly (readonly [number, string, readonly number[]])[] {
    if (span === minute) return this.#minutes.of(at);
    if (span === quarter) return this.#quarters.of(at);
    return Array.from(this.#totals, ([key, numbers]) => [0, key, numbers] as const);
  }

  /** What an object before this one wrote. */
  #read(now: number): void {
    if (this.#isRead) return;
    this.#isRead = true;
    const written = this.#sql.exec<{ span: number; at: number; rows: string }>(
      'SELECT span, at, rows FROM counts',
    );
    for (const { span, at, rows } of written) {
      if (span === 0) this.#since = at;
      for (const row of JSON.parse(rows) as Row[]) {
        if (span === minute) this.#minutes.add(row, now);
        else if (span === quarter) this.#quarters.add(row, now);
        else addTo(this.#totals, row[1], row[2]);
      }
    }
  }
}

/** The lengths of steps, and how many are kept; 0 is all time. */
const spans = [
  { span: 0, most: 1 },
  { span: minute, most: bounds.countMinutes },
  { span: quarter, most: bounds.countQuarters },
] as const;
