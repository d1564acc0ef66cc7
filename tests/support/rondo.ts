// Rondo as its users meet it: the bundled worker in workerd, behind a port of its own.
import OpenAI from 'openai';
import { expect, inject } from 'vitest';
import {
  type GoogleStub,
  type GoogleStubOptions,
  startGoogleStub,
} from '../../scripts/googlestub/googlestub.ts';
import type { Json, JsonObject } from '../../scripts/googlestub/json.ts';
import { checkedFetch } from './checked.ts';
import { House, type HouseOptions, type Isolate, type Place } from './house.ts';
import { type KvBreak, type KvFault, type KvOperation, kvOperations } from './kv.ts';
import { leaksIn } from './leaks.ts';
import type { Given, KvEntry, Probed, StoreFault } from './worker.ts';

export interface RondoOptions {
  /** Added to the client key; `null` takes a variable away. */
  readonly vars?: Readonly<Record<string, Json>>;
  /** `false`: no binding. Another Rondo: what KV holds is shared with it, for two of one deployment. */
  readonly kv?: false | Rondo;
  /** `true` binds the object that isolates share through. */
  readonly pool?: boolean;
  /** `true` binds the objects that keep what clients store. */
  readonly store?: boolean;
  /** Runs in place of the built module. */
  readonly module?: Uint8Array<ArrayBuffer>;
}

/** The client key that every Rondo of the tests knows, unless told otherwise. */
export const clientKey = 'sk-rondo-test-5f1c0a97d2e84b36';

/** Where a Rondo lives, perhaps with others. */
interface Home {
  readonly house: House;
  readonly place: Place;
  /** Its part of KV, or what that would be called. */
  readonly store: string;
}

export class Rondo {
  readonly url: string;
  readonly openai: OpenAI;
  /** All that the worker printed, a line each. */
  readonly logs: readonly string[];
  /** Where answers were not of OpenAI's shapes. */
  readonly shapeFaults: string[] = [];
  /** Bodies of requests, since the last test. */
  readonly sent: string[] = [];
  /** For other vendors' SDKs. */
  readonly checkedFetch: typeof fetch;
  readonly home: Home;
  #isKvBroken = false;
  #isStopped = false;

  constructor(home: Home) {
    this.home = home;
    this.url = home.place.url;
    this.logs = home.place.logs;
    const checked = checkedFetch(this.shapeFaults);
    this.checkedFetch = (input, init) => {
      if (typeof init?.body === 'string') this.sent.push(init.body);
      return checked(input, init);
    };
    this.openai = new OpenAI({
      baseURL: `${this.url}/v1`,
      apiKey: clientKey,
      maxRetries: 0,
      fetch: this.checkedFetch,
    });
  }

  /** A request with the client key, which `headers` may replace. */
  fetch(path: string, { headers, ...init }: RequestInit = {}): Promise<Response> {
    const all = new Headers({ authorization: `Bearer ${clientKey}` });
    for (const [name, value] of new Headers(headers)) all.set(name, value);
    return this.checkedFetch(this.url + path, { ...init, headers: all });
  }

  /** A request of which the client key is no part. */
  fetchBare(path: string, init?: RequestInit): Promise<Response> {
    return this.checkedFetch(this.url + path, init);
  }

  chat(body: unknown, init?: RequestInit): Promise<Response> {
    return this.fetch('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...init,
    });
  }

  /** The lines of the log that tell of one kind of event. */
  events(event: string): JsonObject[] {
    return this.logs.filter(isJson).flatMap((line) => {
      const fields = JSON.parse(line) as JsonObject;
      return fields.event === event ? [fields] : [];
    });
  }

  async kv(): Promise<Record<string, KvEntry>> {
    const answer = await fetch(`${this.url}/probe/kv`);
    return (await answer.json()) as Record<string, KvEntry>;
  }

  /** What it has put into its location's cache, by address. */
  async cached(): Promise<Record<string, string>> {
    const answer = await fetch(`${this.url}/probe/cache`);
    return (await answer.json()) as Record<string, string>;
  }

  async putKv(key: string, value: string): Promise<void> {
    const path = `/probe/kv/${encodeURIComponent(key)}`;
    await fetch(this.url + path, { method: 'PUT', body: value });
  }

  async deleteKv(key: string): Promise<void> {
    await fetch(`${this.url}/probe/kv/${encodeURIComponent(key)}`, { method: 'DELETE' });
  }

  /** Calls a method of the object. Bytes go and come as text. */
  async pool(method: string, ...args: readonly Json[]): Promise<Json> {
    const path = `/probe/pool/${method}`;
    const answer = await fetch(this.url + path, { method: 'POST', body: JSON.stringify(args) });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as Json;
  }

  /** Ends the object, as Cloudflare does with one that nobody has asked for a while. */
  evictPool(): Promise<void> {
    return this.home.house.evict('Pool', `${this.home.store}/pool`);
  }

  /** All that the objects hold which keep what clients store, row by row, each as text. */
  async storedRows(): Promise<string[]> {
    return (await (await fetch(`${this.url}/probe/store`)).json()) as string[];
  }

  /** Ends those objects that this isolate has asked. */
  async evictStores(): Promise<void> {
    const answer = await fetch(`${this.url}/probe/store-names`);
    const names = (await answer.json()) as string[];
    await Promise.all(names.map((name) => this.home.house.evict('Store', name)));
  }

  /** What these objects are asked by this isolate fails from now on, until that is over. */
  async breakStore(fault: StoreFault | null): Promise<void> {
    await fetch(`${this.url}/probe/store-fault`, { method: 'PUT', body: JSON.stringify(fault) });
  }

  /** Reads through the core's own binding, whose counts and faults apply. */
  async readKv(key: string): Promise<string | null> {
    const answer = await fetch(`${this.url}/probe/kv/${encodeURIComponent(key)}`);
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`KV answered ${answer.status}`);
    return answer.text();
  }

  /** Spoils KV for this isolate alone and until it is healed, which the end of the test does too. */
  breakKv(fault: KvFault, operations: readonly KvOperation[] = spoiledBy[fault]): Promise<void> {
    this.#isKvBroken = true;
    return this.#setKv({ fault, operations });
  }

  /** Calls that hang go on. */
  async healKv(): Promise<void> {
    if (this.#isKvBroken) await this.#setKv({ fault: null, operations: kvOperations });
    this.#isKvBroken = false;
  }

  async #setKv(body: KvBreak): Promise<void> {
    await fetch(`${this.url}/probe/kv-fault`, { method: 'PUT', body: JSON.stringify(body) });
  }

  /** From now on this Rondo's time moves by `advance` alone. Google's goes on. */
  stopClock(): Promise<void> {
    return this.advance(0);
  }

  /** What waits for a time that is reached now goes on. */
  async advance(ms: number): Promise<void> {
    this.#isStopped = true;
    await fetch(`${this.url}/probe/clock/${ms}`, { method: 'POST' });
  }

  /** The time goes by itself again, which the end of the test sees to as well. */
  async startClock(): Promise<void> {
    if (this.#isStopped) await fetch(`${this.url}/probe/clock`, { method: 'DELETE' });
    this.#isStopped = false;
  }

  async state(): Promise<Probed> {
    return (await (await fetch(`${this.url}/probe/state`)).json()) as Probed;
  }
}

const spoiledBy: Readonly<Record<KvFault, readonly KvOperation[]>> = {
  throw: kvOperations,
  hang: kvOperations,
  damage: ['get'],
};

const running = new Set<Rondo>();
const stubs = new Set<GoogleStub>();
const ofTheTest = new Set<Rondo | GoogleStub>();
/** By the number of isolates. */
const latest = new Map<number, House>();
let inTest = false;

export async function startRondo(options: RondoOptions = {}): Promise<Rondo> {
  const { kv, module } = options;
  const isolates = ['first'] as const;
  const house = kv ? kv.home.house : houseOf({ isolates, module });
  return moveIn(house, 'first', house.take(), options);
}

/** What the two may have each for itself. */
export type IsolateOptions = Pick<RondoOptions, 'vars'>;

export interface PairOptions extends IsolateOptions {
  /** `true` binds one object for both. */
  readonly pool?: boolean;
  readonly store?: boolean;
}

/**
 * Two isolates with one KV between them: what one writes the other reads at once. Address, memory,
 * log and faults of KV are each one's own.
 */
export async function startPair(
  options: PairOptions = {},
  ofSecond: IsolateOptions = {},
): Promise<[first: Rondo, second: Rondo]> {
  const house = houseOf({ isolates: ['first', 'second'] });
  const index = house.take();
  return [
    await moveIn(house, 'first', index, options),
    await moveIn(house, 'second', index, { ...options, ...ofSecond }),
  ];
}

/** One with the like isolates that still has a place, or a new one. */
function houseOf(options: HouseOptions): House {
  // What has a place left is the latest of its kind.
  const known = options.module ? undefined : latest.get(options.isolates.length);
  if (known && !known.isFull) return known;
  const bundle = inject('bundle');
  if ('fault' in bundle) throw new Error(bundle.fault);
  const house = new House(bundle, options.module ? { ...options, places: 1 } : options);
  if (!options.module) latest.set(options.isolates.length, house);
  return house;
}

async function moveIn(
  house: House,
  isolate: Isolate,
  index: number,
  { vars, kv, pool, store: keeps }: RondoOptions,
): Promise<Rondo> {
  const place = await house.place(isolate, index);
  const store = kv ? kv.home.store : `rondo-${index}`;
  const all = Object.entries({ CLIENT_API_KEYS: clientKey, ...vars });
  const given: Given = {
    vars: Object.fromEntries(all.filter(([, value]) => value !== null)),
    kv: kv === false ? null : store,
    pool: pool ? store : null,
    store: keeps ? store : null,
  };
  await fetch(`${place.url}/probe/given`, { method: 'PUT', body: JSON.stringify(given) });
  const rondo = new Rondo({ house, place, store });
  running.add(rondo);
  if (inTest) ofTheTest.add(rondo);
  return rondo;
}

/** A stand-in for Google that ends with the test, or with the file when a hook of it started it. */
export async function startGoogle(options?: GoogleStubOptions): Promise<GoogleStub> {
  const stub = await startGoogleStub(options);
  stubs.add(stub);
  if (inTest) ofTheTest.add(stub);
  return stub;
}

function isJson(line: string): boolean {
  return line.startsWith('{');
}

// --- What holds after every test ---------------------------------------------------------------

/** To be called by hooks around every test and every file, see atrest.ts. */
export const lifetime = {
  begin(): void {
    inTest = true;
  },

  async endTest(): Promise<void> {
    inTest = false;
    try {
      for (const rondo of running) await expectAtRest(rondo);
    } finally {
      await end(ofTheTest);
    }
  },

  endFile: (): Promise<void> => end([...running, ...stubs]),
} as const;

async function expectAtRest(rondo: Rondo): Promise<void> {
  await rondo.healKv();
  await rondo.startClock();
  const open = async () => {
    const { openOps, bodyBytes } = await rondo.state();
    return { openOps, bodyBytes };
  };
  await expect.poll(open).toEqual({ openOps: 0, bodyBytes: 0 });
  expect(rondo.shapeFaults).toEqual([]);
  expectNoSecret(rondo);
}

/** Credentials, tokens, client keys, prompts and answers don't belong into a log, not even in part. */
function expectNoSecret({ logs, sent }: Rondo): void {
  const leaked = leaksIn(logs, { stubs, sent: sent.splice(0), keys: [clientKey] });
  expect(leaked, 'secrets in the log').toEqual([]);
}

async function end(things: Iterable<Rondo | GoogleStub>): Promise<void> {
  const ending = [...things].map((thing) => {
    ofTheTest.delete(thing);
    if (thing instanceof Rondo) {
      running.delete(thing);
      return thing.home.place.leave();
    }
    stubs.delete(thing);
    return thing.close();
  });
  await Promise.all(ending);
}
