// The worker in Node, as an isolate has it that has served nothing yet.
import { vi } from 'vitest';
import type { Env } from '../../worker/core/core.ts';
import { faultyModule } from './faulty.ts';

const origin = 'http://rondo.example';

export interface Isolate {
  /** What is handed to the core, which answers `{"served":true}` unless a test has it do otherwise. */
  readonly handle: ReturnType<typeof playedCore>;
  /** What the runtime is asked to wait for. */
  readonly kept: readonly Promise<unknown>[];
  send(path: string, init?: RequestInit): Promise<Response>;
}

/** An isolate with these variables and bindings. Its core is made, but never asked. */
export async function startIsolate(env: Env = {}): Promise<Isolate> {
  vi.resetModules();
  vi.doMock('cloudflare:workers', () => ({ DurableObject: class {} }));
  // One that is soon compiled.
  const module = await WebAssembly.compile(faultyModule('memory'));
  vi.doMock('../../worker/core/rondo.wasm', () => ({ default: module }));
  const { Core } = await import('../../worker/core/core.ts');
  const { default: app } = await import('../../worker/index.ts');
  const handle = playedCore(Core);
  const kept: Promise<unknown>[] = [];
  const waitUntil = (promise: Promise<unknown>) => void kept.push(promise);
  const context = { waitUntil, passThroughOnException: () => {}, props: {} };
  const send = async (path: string, init: RequestInit = {}) =>
    app.fetch(new Request(`${origin}${path}`, init), env, context as ExecutionContext);
  return { handle, kept, send };
}

function playedCore({ prototype }: typeof import('../../worker/core/core.ts').Core) {
  return vi
    .spyOn(prototype, 'handle')
    .mockImplementation(async () => Response.json({ served: true }));
}
