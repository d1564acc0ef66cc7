// Rondo as its users meet it: the bundled worker in workerd, behind a port of its own.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Miniflare, type MiniflareOptions } from 'miniflare';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeEach, expect, inject } from 'vitest';
import type { Json, JsonObject } from '../../scripts/simulator/json.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../scripts/simulator/simulator.ts';
import type { Bundle } from './bundle.ts';
import { checkedFetch } from './checked.ts';
import { IsolateLogs, isolateVar } from './isolate.ts';
import { type KvBreak, type KvFault, type KvOperation, kvOperations } from './kv.ts';
import { leaksIn } from './leaks.ts';
import type { KvEntry, Probed } from './worker.ts';

export interface RondoOptions {
  /** Added to the client key; `null` takes a variable away. */
  readonly vars?: Readonly<Record<string, Json>>;
  /** `false`: no binding. A folder: what KV holds outlives the instance. */
  readonly kv?: false | string;
  /** `true` binds the object that isolates share through. */
  readonly pool?: boolean;
  /** Runs in place of the built module. */
  readonly module?: Uint8Array<ArrayBuffer>;
}

/** The client key that every Rondo of the tests knows, unless told otherwise. */
export const clientKey = 'sk-rondo-test-5f1c0a97d2e84b36';

/** The workerd that a Rondo lives in, perhaps with another one. */
interface Machine {
  end(): Promise<void>;
  evictPool(): Promise<void>;
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
  readonly #machine: Machine;
  #isKvBroken = false;

  constructor(url: string, logs: readonly string[], machine: Machine) {
    this.url = url;
    this.logs = logs;
    this.#machine = machine;
    const checked = checkedFetch(this.shapeFaults);
    this.checkedFetch = (input, init) => {
      if (typeof init?.body === 'string') this.sent.push(init.body);
      return checked(input, init);
    };
    this.openai = new OpenAI({
      baseURL: `${url}/v1`,
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

  async putKv(key: string, value: string): Promise<void> {
    const path = `/probe/kv/${encodeURIComponent(key)}`;
    await fetch(this.url + path, { method: 'PUT', body: value });
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
    return this.#machine.evictPool();
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

  async state(): Promise<Probed> {
    return (await (await fetch(`${this.url}/probe/state`)).json()) as Probed;
  }

  /** Ends the other one of a pair with it. */
  dispose(): Promise<void> {
    return this.#machine.end();
  }
}

const spoiledBy: Readonly<Record<KvFault, readonly KvOperation[]>> = {
  throw: kvOperations,
  hang: kvOperations,
  damage: ['get'],
};

const running = new Set<Rondo>();
const simulators = new Set<Simulator>();
const ofTheTest = new Set<Rondo | Simulator>();
let inTest = false;

export async function startRondo(options: RondoOptions = {}): Promise<Rondo> {
  const logs: string[] = [];
  const miniflare = new Miniflare({
    ...sharedOptions(options, (line) => logs.push(line)),
    workers: [workerOptions('rondo', options)],
  });
  const { origin } = await miniflare.ready;
  return house(miniflare, 'rondo')(origin, logs);
}

/** The worker that holds the object for all. */
function objectHostOf(name: string): string {
  return name === 'second' ? 'first' : name;
}

/** What the two may have each for itself. */
export type IsolateOptions = Pick<RondoOptions, 'vars' | 'module'>;

export interface PairOptions extends IsolateOptions {
  /** A folder: what KV holds outlives the pair. */
  readonly kv?: string;
  /** `true` binds one object for both. */
  readonly pool?: boolean;
}

/**
 * Two isolates with one KV between them: what one writes the other reads at once. Address, memory,
 * log and faults of KV are each one's own.
 */
export async function startPair(
  options: PairOptions = {},
  ofSecond: IsolateOptions = {},
): Promise<[first: Rondo, second: Rondo]> {
  const logs = new IsolateLogs(['first', 'second']);
  const miniflare = new Miniflare({
    ...sharedOptions(options, (line) => logs.add(line)),
    workers: [
      isolateOptions('first', options),
      isolateOptions('second', { ...options, ...ofSecond }),
    ],
  });
  const admit = house(miniflare, 'first');
  const start = async (name: 'first' | 'second'): Promise<Rondo> =>
    admit((await miniflare.unsafeGetDirectURL(name)).origin, logs.of(name));
  return [await start('first'), await start('second')];
}

/** Takes in the Rondos of one Miniflare, which end with it. */
function house(
  miniflare: Miniflare,
  objectHost: string,
): (url: string, logs: readonly string[]) => Rondo {
  const members: Rondo[] = [];
  let ended: Promise<void> | undefined;
  const end = (): Promise<void> => {
    for (const member of members) running.delete(member);
    ended ??= miniflare.dispose();
    return ended;
  };
  return (url, logs) => {
    const evictPool = () =>
      miniflare.unsafeEvictDurableObject(objectHost, 'Pool', { name: 'pool' });
    const rondo = new Rondo(url, logs, { end, evictPool });
    members.push(rondo);
    running.add(rondo);
    if (inTest) ofTheTest.add(rondo);
    return rondo;
  };
}

/** A stand-in for Google that ends with the test, or with the file when a hook of it started it. */
export async function startGoogle(options?: SimulatorOptions): Promise<Simulator> {
  const simulator = await startSimulator(options);
  simulators.add(simulator);
  if (inTest) ofTheTest.add(simulator);
  return simulator;
}

function isJson(line: string): boolean {
  return line.startsWith('{');
}

type WorkerOptions = MiniflareOptions['workers'][number];

function sharedOptions({ kv }: RondoOptions, addLine: (line: string) => void) {
  return {
    handleStructuredLogs: ({ message }: { message: string }) => addLine(message),
    ...(typeof kv === 'string' && { resourcePersistencePath: kv }),
  };
}

function workerOptions(name: string, options: RondoOptions): WorkerOptions {
  const bundle = inject('bundle');
  if ('fault' in bundle) throw new Error(bundle.fault);
  return {
    config: {
      name,
      compatibilityDate: bundle.compatibilityDate,
      compatibilityFlags: [...bundle.compatibilityFlags],
      manifest: { mainModule: 'worker.js', modules: modulesOf(bundle, options.module) },
      env: envOf(name, options),
      ...(options.pool && { exports: { Pool: { type: 'durable-object', storage: 'sqlite' } } }),
    },
  };
}

/** A worker beside others: with an address of its own, and its name in its part of the log. */
function isolateOptions(name: string, options: RondoOptions): WorkerOptions {
  const vars = { ...options.vars, [isolateVar]: name };
  return { ...workerOptions(name, { ...options, vars }), dev: { unsafeDirectSockets: [{}] } };
}

function modulesOf({ folder, wasm }: Bundle, module: Uint8Array<ArrayBuffer> | undefined) {
  return {
    'worker.js': { type: 'esm', contents: readFileSync(join(folder, 'worker.js'), 'utf8') },
    [wasm]: { type: 'wasm', contents: module ?? new Uint8Array(readFileSync(join(folder, wasm))) },
  } as const;
}

function envOf(name: string, { vars, kv, pool }: RondoOptions) {
  const all: Record<string, Json> = { CLIENT_API_KEYS: clientKey, ...vars };
  const bindings = Object.entries(all)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => [key, bindingOf(value)] as const);
  const store = { GEMINI_CLI_KV: { type: 'kv', id: 'rondo' } } as const;
  const worker = objectHostOf(name);
  const object = { POOL: { type: 'durable-object', worker, exportName: 'Pool' } } as const;
  return { ...Object.fromEntries(bindings), ...(kv !== false && store), ...(pool && object) };
}

function bindingOf(value: Json) {
  return typeof value === 'string'
    ? ({ type: 'text', value } as const)
    : ({ type: 'json', value } as const);
}

// --- What holds after every test ---------------------------------------------------------------

beforeEach(() => {
  inTest = true;
});

afterEach(async () => {
  inTest = false;
  try {
    for (const rondo of running) await expectAtRest(rondo);
  } finally {
    await end(ofTheTest);
  }
});

afterAll(() => end([...running, ...simulators]));

async function expectAtRest(rondo: Rondo): Promise<void> {
  await rondo.healKv();
  const open = async () => {
    const { openOps, bodyBytes } = await rondo.state();
    return { openOps, bodyBytes };
  };
  await expect.poll(open, { timeout: 5000 }).toEqual({ openOps: 0, bodyBytes: 0 });
  expect(rondo.shapeFaults).toEqual([]);
  expectNoSecret(rondo);
}

/** Credentials, tokens, client keys, prompts and answers don't belong into a log, not even in part. */
function expectNoSecret({ logs, sent }: Rondo): void {
  const leaked = leaksIn(logs, { simulators, sent: sent.splice(0), keys: [clientKey] });
  expect(leaked, 'secrets in the log').toEqual([]);
}

async function end(things: Iterable<Rondo | Simulator>): Promise<void> {
  const ending = [...things].map((thing) => {
    ofTheTest.delete(thing);
    if (thing instanceof Rondo) return thing.dispose();
    simulators.delete(thing);
    return thing.close();
  });
  await Promise.all(ending);
}
