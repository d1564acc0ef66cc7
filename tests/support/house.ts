// One workerd for many Rondos: to start it takes half a second, to move in some milliseconds. A place
// in it is a copy of the bundled worker, so that what a Rondo keeps in variables of its modules, and
// with it its core, is its own as if it were alone in its isolate.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Miniflare, type MiniflareOptions } from 'miniflare';
import type { Bundle } from './bundle.ts';

/** Two share KV and the objects, as isolates of one deployment do. */
export type Isolate = 'first' | 'second';

export interface Place {
  readonly url: string;
  /** What its worker printed. What workerd itself prints is nobody's, and in all that are lived in. */
  readonly logs: readonly string[];
  leave(): Promise<void>;
}

export interface HouseOptions {
  readonly isolates: readonly Isolate[];
  /** Runs in place of the built module. */
  readonly module?: Uint8Array<ArrayBuffer> | undefined;
  readonly places?: number;
}

/** Each costs a little when the house is built, and memory. */
const usualPlaces = 24;
/** Kept for those who must live where another one does. */
const sparePlaces = 4;

const page = join(import.meta.dirname, '..', '..', 'admin');

type WorkerOptions = MiniflareOptions['workers'][number];

export class House {
  readonly #miniflare: Miniflare;
  readonly #places: number;
  readonly #logs = new Map<string, string[]>();
  #taken = 0;
  #closed: Promise<void> | undefined;

  constructor(bundle: Bundle, options: HouseOptions) {
    this.#places = options.places ?? usualPlaces;
    this.#miniflare = new Miniflare({
      workers: options.isolates.map((isolate) => workerOptions(isolate, bundle, options)),
      handleStructuredLogs: ({ message }: { message: string }) => this.#addLine(message),
    });
  }

  /** Nobody moves in any more but those who share with one who lives here. */
  get isFull(): boolean {
    return this.#taken >= Math.max(1, this.#places - sparePlaces);
  }

  /** A number that nobody else in the house has, or had: a place is lived in once. */
  take(): number {
    this.#taken += 1;
    return this.#taken - 1;
  }

  async place(isolate: Isolate, index: number): Promise<Place> {
    const url = await this.#miniflare.unsafeGetDirectURL(isolate, entrypointOf(index));
    const name = nameOf(isolate, index);
    const logs: string[] = [];
    this.#logs.set(name, logs);
    return { url: url.origin, logs, leave: () => this.#leave(name) };
  }

  /** Ends an object, as Cloudflare does with one that nobody has asked for a while; it may have ended before. */
  async evict(ofClass: 'Pool' | 'Store', name: string): Promise<void> {
    try {
      await this.#miniflare.unsafeEvictDurableObject('first', ofClass, { name });
    } catch (error) {
      if (!String(error).includes('not currently running')) throw error;
    }
  }

  /** Whoever is the last to leave a house that takes nobody in any more shuts it. */
  async #leave(name: string): Promise<void> {
    this.#logs.delete(name);
    if (this.#logs.size > 0 || !this.isFull) return;
    this.#closed ??= this.#miniflare.dispose();
    await this.#closed;
  }

  #addLine(line: string): void {
    const [, name, message = ''] = /^\[((?:first|second)-\d+)\] (.*)$/s.exec(line) ?? [];
    if (name !== undefined) this.#logs.get(name)?.push(message);
    else for (const logs of this.#logs.values()) logs.push(line);
  }
}

function nameOf(isolate: Isolate, index: number): string {
  return `${isolate}-${index}`;
}

function entrypointOf(index: number): string {
  return `place${index}`;
}

function workerOptions(isolate: Isolate, bundle: Bundle, options: HouseOptions): WorkerOptions {
  const { module, places: count = usualPlaces } = options;
  const places = Array.from({ length: count }, (_, index) => index);
  return {
    config: {
      name: isolate,
      compatibilityDate: bundle.compatibilityDate,
      compatibilityFlags: [...bundle.compatibilityFlags],
      manifest: { mainModule: 'house.js', modules: modulesOf(isolate, bundle, places, module) },
      env: {
        GEMINI_CLI_KV: { type: 'kv', id: 'rondo' },
        POOL: { type: 'durable-object', worker: 'first', exportName: 'Pool' },
        STORE: { type: 'durable-object', worker: 'first', exportName: 'Store' },
        ASSETS: { type: 'assets' },
      },
      assets: { directory: page, hasUserWorker: true, htmlHandling: 'none', runWorkerFirst: true },
      ...(isolate === 'first' && {
        exports: {
          Pool: { type: 'durable-object', storage: 'sqlite' },
          Store: { type: 'durable-object', storage: 'sqlite' },
        },
      }),
    },
    // A port for each, since a request tells nothing else of whom it is for.
    dev: { unsafeDirectSockets: places.map((index) => ({ entrypoint: entrypointOf(index) })) },
  };
}

function modulesOf(
  isolate: Isolate,
  { folder, wasm }: Bundle,
  places: readonly number[],
  module: Uint8Array<ArrayBuffer> = new Uint8Array(readFileSync(join(folder, wasm))),
) {
  const worker = readFileSync(join(folder, 'worker.js'), 'utf8');
  const copies = places.map((index) => {
    const contents = ownGlobals(nameOf(isolate, index)) + worker;
    return [`${entrypointOf(index)}.js`, { type: 'esm', contents }] as const;
  });
  return {
    'house.js': { type: 'esm', contents: mainModule(places) },
    'worker.js': { type: 'esm', contents: worker },
    [wasm]: { type: 'wasm', contents: module },
    ...Object.fromEntries(copies),
  } as const;
}

/** Loads a copy when it is first asked. */
function mainModule(places: readonly number[]): string {
  const exported = places.map(entrypointOf).map(
    (entrypoint) => `export const ${entrypoint} = {
      fetch: async (...all) => (await import('./${entrypoint}.js')).default.fetch(...all),
    };`,
  );
  return `export { Pool, Store, place0 as default };
    import { Pool, Store } from './worker.js';
    ${exported.join('\n')}`;
}

/** Declared in a copy, these are what its code means by their names: the worker needs no seam for it. */
function ownGlobals(name: string): string {
  return `import { globalsOf as globalsOfCopy } from './worker.js';
    const { ownClock, ownCached, Date, console, caches, scheduler, setTimeout, clearTimeout } =
      globalsOfCopy('${name}');\n`;
}
