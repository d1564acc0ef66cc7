import type { Fault } from './faults.ts';
import type { JsonObject } from './json.ts';
import { type Call, type CallFacts, type CallFilter, matches } from './record.ts';

interface Entry<T> {
  readonly filter: CallFilter;
  readonly item: T;
}

/** First in, first out, per filter: a call takes the oldest entry that fits it. */
export class Script<T> {
  readonly #entries: Entry<T>[] = [];

  add(filter: CallFilter, item: T): void {
    this.#entries.push({ filter, item });
  }

  take(call: CallFacts): T | undefined {
    const index = this.#entries.findIndex((entry) => matches(entry.filter, call));
    return index < 0 ? undefined : this.#entries.splice(index, 1)[0]?.item;
  }

  get size(): number {
    return this.#entries.length;
  }

  clear(): void {
    this.#entries.length = 0;
  }
}

export interface Gate {
  /** Fulfilled with the call when one waits here. */
  readonly reached: Promise<Call>;
  release(): void;
}

/** A point at which an answer waits until the test lets it go on. */
export class Hold implements Gate {
  /** Undefined: before the status line. Otherwise after so many events of the body. */
  readonly after: number | undefined;
  readonly #reached = Promise.withResolvers<Call>();
  readonly #released = Promise.withResolvers<void>();

  constructor(after: number | undefined) {
    this.after = after;
  }

  get reached(): Promise<Call> {
    return this.#reached.promise;
  }

  release(): void {
    this.#released.resolve();
  }

  /** A caller that leaves opens the gate too: nobody is left to wait for. */
  async pass(call: Call): Promise<void> {
    this.#reached.resolve(call);
    await Promise.race([this.#released.promise, call.ended]);
  }
}

export interface RawAnswer {
  readonly bytes: string | Uint8Array;
  /** Offsets at which the bytes are cut into separate writes. */
  readonly cuts?: readonly number[];
  readonly status?: number;
  readonly contentType?: string;
}

/** Whole GenerateContentResponses, one an event; a unary call gets the one, or all merged. */
export interface ResponsesAnswer {
  readonly responses: readonly JsonObject[];
}

export type Answer = RawAnswer | ResponsesAnswer;
export type Answerer = Answer | ((request: JsonObject, call: Call) => Answer);

/** All that a test has laid in store for calls to come. */
export interface Scripts {
  readonly faults: Script<Fault>;
  readonly holds: Script<Hold>;
  readonly answers: Script<Answerer>;
}

export function emptyScripts(): Scripts {
  return { faults: new Script(), holds: new Script(), answers: new Script() };
}
