// How many requests the worker refuses, and why: the module, which counts all others, sees none of them.
import { bounds } from './core/bounds.ts';
import type { Env } from './core/core.ts';
import { messageOf } from './core/failure.ts';
import { Log } from './core/log.ts';
import { objectName } from './core/poolstore.ts';
import { within } from './core/store.ts';
import type { Failure } from './errors.ts';
import type { Pool } from './pool.ts';

const { refusalsToldMs, poolAnswerMs } = bounds;

type Namespace = DurableObjectNamespace<Pool>;
type Sums = Map<string, number>;

/** Of a row among the object's sums, which the module has other kinds of (cpp/telemetry/recorder.h). */
const kind = 'refusals';

const name = 'rondo_refusals_total';
const head =
  `# HELP ${name} Requests that were refused before the pool had a part in them.\n` +
  `# TYPE ${name} counter\n`;

const addTo = (sums: Sums, key: string, count: number): void =>
  void sums.set(key, (sums.get(key) ?? 0) + count);

/** Statuses and codes are words of this worker, and need no escapes. */
const lineOf = ([key, count]: readonly [string, number]): string => {
  const [, status, code] = key.split('\t');
  return `${name}{status="${status}",code="${code}"} ${count}\n`;
};

const textOf = (sums: Sums): string => head + [...sums].toSorted().map(lineOf).join('');

/** What the object tells that is of this kind. */
const sumsIn = (told: string): Sums => {
  const { totals = [] } = JSON.parse(told) as { totals?: [number, string, [number]][] };
  return new Map(
    totals.flatMap(([, key, [count]]) => (key.startsWith(`${kind}\t`) ? [[key, count]] : [])),
  );
};

/** The refusals of an isolate, which tells the object POOL of them where that is bound. */
export class Refusals {
  readonly #pool: Namespace | undefined;
  readonly #log: Log;
  /** Where there is no object, all of them; else those that it hasn't been told of. */
  readonly #counted: Sums = new Map();
  #toldAt = 0;

  constructor(pool: Namespace | undefined, log: Log) {
    this.#pool = pool;
    this.#log = log;
  }

  /** Tells the object now and then: whoever is refused time and again must not cost a call each time. */
  async count({ status, code }: Failure): Promise<void> {
    addTo(this.#counted, `${kind}\t${status}\t${code ?? 'none'}`, 1);
    if (!this.#pool || Date.now() - this.#toldAt < refusalsToldMs) return;
    await this.#tell(this.#pool).catch((error) => this.#warn(error));
  }

  /** Prometheus' text: of all isolates where they share an object, and nothing when that fails. */
  async text(): Promise<string> {
    if (!this.#pool) return textOf(this.#counted);
    try {
      await this.#tell(this.#pool);
      const told = this.#pool.getByName(objectName).counts('totals');
      return textOf(sumsIn(await within(poolAnswerMs, 'The object POOL', told as Promise<string>)));
    } catch (error) {
      this.#warn(error);
      return '';
    }
  }

  async #tell(pool: Namespace): Promise<void> {
    if (this.#counted.size === 0) return;
    const told = [...this.#counted];
    this.#counted.clear();
    this.#toldAt = Date.now();
    try {
      const rows = JSON.stringify(told.map(([key, count]) => [0, key, [count]]));
      await within(poolAnswerMs, 'The object POOL', pool.getByName(objectName).count(rows));
    } catch (error) {
      for (const [key, count] of told) addTo(this.#counted, key, count);
      throw error;
    }
  }

  #warn(error: unknown): void {
    this.#log.warn('refusals_not_shared', { message: messageOf(error) });
  }
}

let refusalsOfIsolate: Refusals | undefined;

export const refusalsOf = ({ POOL: pool, LOG_LEVEL: level }: Env): Refusals => {
  refusalsOfIsolate ??= new Refusals(pool, new Log(level));
  return refusalsOfIsolate;
};

/** What Prometheus is told, with the refusals behind it. */
export const withRefusals = async (answer: Response, env: Env): Promise<Response> => {
  if (!answer.ok) return answer;
  const text = (await answer.text()) + (await refusalsOf(env).text());
  return new Response(text, answer);
};
