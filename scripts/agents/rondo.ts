// Rondo in a workerd, behind a port of its own, so that its requests never meet an isolate twice.
import { Miniflare, type MiniflareOptions } from 'miniflare';
import { bundledWorker, compatibilityDate, type WorkerCode } from '../build/worker.ts';

export interface Rondo {
  readonly url: string;
  end(): Promise<void>;
}

/**
 * What a request finds is what its client sent, and not what an isolate remembers of earlier ones.
 * More than an agent makes requests in its task.
 */
const isolates = 24;

/** Starts one with these variables. What it prints goes to `print`, a line each. */
export async function startRondo(
  code: WorkerCode,
  vars: Readonly<Record<string, string>>,
  print: (line: string) => void,
): Promise<Rondo> {
  const miniflare = new Miniflare(optionsOf(code, vars, print));
  const { origin } = await miniflare.unsafeGetDirectURL('rondo');
  return { url: origin, end: () => miniflare.dispose() };
}

/** Builds nothing: `npm run agents` has done that. */
export function workerCode(): Promise<WorkerCode> {
  return bundledWorker();
}

function optionsOf(
  { main, wasm }: WorkerCode,
  vars: Readonly<Record<string, string>>,
  print: (line: string) => void,
): MiniflareOptions {
  // Variables of a module are what an isolate remembers by, so a copy of it is as good as another one.
  const names = Array.from({ length: isolates }, (_, index) => `isolate${index}.js`);
  const texts = Object.entries(vars).map(([key, value]) => [key, { type: 'text', value }]);
  return {
    handleStructuredLogs: ({ message }: { message: string }) => print(message),
    workers: [
      {
        config: {
          name: 'rondo',
          compatibilityDate,
          manifest: {
            mainModule: 'front.js',
            modules: {
              'front.js': { type: 'esm', contents: frontModule(names) },
              [wasm.name]: { type: 'wasm', contents: wasm.bytes },
              ...Object.fromEntries(names.map((name) => [name, { type: 'esm', contents: main }])),
            },
          },
          env: { ...Object.fromEntries(texts), GEMINI_CLI_KV: { type: 'kv', id: 'rondo' } },
        },
        dev: { unsafeDirectSockets: [{}] },
      },
    ],
  } as MiniflareOptions;
}

function frontModule(names: readonly string[]): string {
  return `const isolates = [${names.map((name) => `() => import('./${name}')`).join(', ')}];
    let next = 0;
    export default {
      async fetch(...all) {
        const isolate = await isolates[next++ % isolates.length]();
        return isolate.default.fetch(...all);
      },
    };`;
}
