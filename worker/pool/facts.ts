import { bounds } from '../core/bounds.ts';

/** As host::Fact of the port says. Rank and expiry are times, in milliseconds since 1970. */
export type Fact = [key: string, rank: number, expires: number, value: string];

export interface Changes {
  readonly kept: readonly Fact[];
  /** Keys that are known no more. */
  readonly dropped: readonly string[];
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= bounds.poolFactChars;

const isFact = (value: unknown): value is Fact =>
  Array.isArray(value) &&
  value.length === 4 &&
  isText(value[0]) &&
  Number.isSafeInteger(value[1]) &&
  Number.isSafeInteger(value[2]) &&
  isText(value[3]);

const factsIn = (news: unknown): Fact[] =>
  Array.isArray(news) ? news.slice(0, bounds.poolFacts).filter(isFact) : [];

const isAlive = ([, , expires]: Fact, now: number): boolean =>
  expires > now && expires <= now + bounds.poolFactMs;

/** One whose rank lies too far ahead holds until something true is told. */
const outranks = ([, known]: Fact, [, news]: Fact, now: number): boolean => {
  const latest = now + bounds.poolFactMs;
  return known >= news && (known <= latest || news > latest);
};

/** What is known, by key. Facts that have expired, or do so too far ahead, are forgotten. When it is too much, those go first that expire first. */
export class Facts {
  readonly #known: Map<string, Fact>;
  readonly #limit: number;

  constructor(known: Iterable<Fact> = [], limit: number = bounds.poolFacts) {
    this.#known = new Map(Array.from(known, (fact) => [fact[0], fact]));
    this.#limit = limit;
  }

  list(now: number): Fact[] {
    return [...this.#known.values()].filter((fact) => isAlive(fact, now));
  }

  /** Takes in what is news, and leaves out what is no fact. Gives what that changed. */
  merge(news: unknown, now: number): Changes {
    const dropped = new Set(this.#dead(now));
    for (const key of dropped) this.#known.delete(key);
    const kept = new Map<string, Fact>();
    for (const fact of factsIn(news)) {
      const [key] = fact;
      const known = this.#known.get(key);
      if (!isAlive(fact, now) || (known && outranks(known, fact, now))) continue;
      this.#known.set(key, fact);
      kept.set(key, fact);
      dropped.delete(key);
    }
    for (const key of this.#excess()) {
      this.#known.delete(key);
      // What came and went at once was never there.
      if (!kept.delete(key)) dropped.add(key);
    }
    return { kept: [...kept.values()], dropped: [...dropped] };
  }

  #dead(now: number): string[] {
    const facts = [...this.#known.values()];
    return facts.filter((fact) => !isAlive(fact, now)).map(([key]) => key);
  }

  #excess(): string[] {
    if (this.#known.size <= this.#limit) return [];
    const byExpiry = [...this.#known.values()].sort((a, b) => a[2] - b[2]);
    return byExpiry.slice(0, this.#known.size - this.#limit).map(([key]) => key);
  }
}
