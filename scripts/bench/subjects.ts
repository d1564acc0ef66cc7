// The workers that are compared, each in a workerd of its own, behind the runtime's own socket.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Miniflare, type MiniflareOptions } from 'miniflare';
import { buildPreset, root } from '../build/cmake.ts';
import { provideModule } from '../build/module.js';
import { bundledWorker, compatibilityDate, type WorkerCode } from '../build/worker.ts';
import type { Target } from './load.ts';
import { childrenNamed } from './process.ts';

/** The last one is Rondo too, and tells what its module holds of memory. */
export const subjectNames = ['null', 'floor', 'pump', 'rondo', 'probed'] as const;
export type SubjectName = (typeof subjectNames)[number];

export interface Subject {
  readonly name: SubjectName;
  readonly pid: number;
  /** Where it takes a conversation, streamed or whole; `path` is Rondo's. */
  target(stream: boolean, path: string): Target;
  /** Has Miniflare's KV started, by a worker beside it: otherwise the first who asks it pays. */
  startKv(): Promise<void>;
  end(): Promise<void>;
}

/** What all of them are pointed at. */
export interface Google {
  readonly url: string;
  readonly vars: Readonly<Record<string, string>>;
  readonly apiKey: string;
}

/** `beside`: what the main module imports as `./rondo.js`. */
type Code = Pick<WorkerCode, 'main'> & Partial<WorkerCode> & { readonly beside?: string };

const folder = join(import.meta.dirname, 'workers');
const clientKey = 'sk-bench';
const neighbour = 'neighbour';
const kv = { GEMINI_CLI_KV: { type: 'kv', id: 'rondo' } };

const isRondo = (name: SubjectName): boolean => name === 'rondo' || name === 'probed';

const readBytes = (path: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(path));

/** Builds what has to be built. Rondo is bundled as `wrangler deploy` does it. */
export async function buildSubjects(): Promise<Record<SubjectName, Code>> {
  if (!(await provideModule()) || !(await buildPreset('wasm', 'pump'))) {
    throw new Error('the build failed, see above');
  }
  const plain = (name: string): Code => ({
    main: readFileSync(join(folder, `${name}.js`), 'utf8'),
  });
  const pump = readBytes(join(root, 'build', 'wasm', 'pump.wasm'));
  const rondo = await bundledWorker();
  return {
    null: plain('null'),
    floor: plain('floor'),
    pump: { ...plain('pump'), wasm: { name: './pump.wasm', bytes: pump } },
    rondo,
    probed: { ...rondo, ...plain('probed'), beside: rondo.main },
  };
}

/** Starts one. It has served nothing yet. */
export async function startSubject(
  name: SubjectName,
  code: Code,
  google: Google,
): Promise<Subject> {
  const before = childrenNamed('workerd');
  const miniflare = new Miniflare(optionsOf(name, code, google));
  await miniflare.ready;
  const { origin } = await miniflare.unsafeGetDirectURL(name);
  const pid = childrenNamed('workerd').find((each) => !before.includes(each));
  if (pid === undefined) throw new Error('workerd is not to be found');
  return {
    name,
    pid,
    target: (stream, path) => targetOf(name, origin, stream, path),
    startKv: async () => {
      const { origin: beside } = await miniflare.unsafeGetDirectURL(neighbour);
      await (await fetch(beside)).text();
    },
    end: () => miniflare.dispose(),
  };
}

function targetOf(name: SubjectName, origin: string, stream: boolean, path: string): Target {
  if (isRondo(name)) {
    const headers = { authorization: `Bearer ${clientKey}` };
    return { url: `${origin}${path}`, headers };
  }
  const method = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
  return { url: `${origin}/v1beta/models/gemini-3.8-flash:${method}`, headers: {} };
}

function optionsOf(
  name: SubjectName,
  { main, wasm, beside }: Code,
  google: Google,
): MiniflareOptions {
  const modules = {
    'index.js': { type: 'esm', contents: main },
    ...(beside && { 'rondo.js': { type: 'esm', contents: beside } }),
    ...(wasm && { [wasm.name]: { type: 'wasm', contents: wasm.bytes } }),
  } as const;
  return {
    handleStructuredLogs: () => {},
    workers: [
      {
        config: {
          name,
          compatibilityDate,
          manifest: { mainModule: 'index.js', modules },
          env: envOf(name, google),
          ...(isRondo(name) && {
            exports: { Pool: { type: 'durable-object', storage: 'sqlite' } },
          }),
        },
        dev: { unsafeDirectSockets: [{}] },
      },
      neighbourOptions(),
    ],
  } as MiniflareOptions;
}

function neighbourOptions() {
  const contents = readFileSync(join(folder, `${neighbour}.js`), 'utf8');
  const manifest = {
    mainModule: 'index.js',
    modules: { 'index.js': { type: 'esm', contents } },
  };
  return {
    config: { name: neighbour, compatibilityDate, manifest, env: kv },
    dev: { unsafeDirectSockets: [{}] },
  };
}

function envOf(name: SubjectName, { url, vars, apiKey }: Google) {
  const texts = isRondo(name)
    ? { ...vars, CLIENT_API_KEYS: clientKey }
    : { UPSTREAM: url, API_KEY: apiKey };
  const bindings = Object.entries(texts).map(([key, value]) => [key, { type: 'text', value }]);
  return { ...Object.fromEntries(bindings), ...(isRondo(name) && kv) };
}
