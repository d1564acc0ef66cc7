// The worker's Core in Node: the real classes around a module, without Hono and workerd.
import { Core, type Env } from '../../worker/core/core.ts';

export class ServedCore {
  readonly core: Core;
  /** What the worker asked to be waited for. */
  readonly waited: Promise<unknown>[] = [];
  /** By which statuses it has refused, in place of the module. */
  readonly refused: number[] = [];

  constructor(module: WebAssembly.Module, env: Env = {}) {
    this.core = new Core(module, env);
  }

  /** A request as it is, for an operation that takes a body. */
  async handle(request: Request, operation = 'health'): Promise<Response> {
    const refused = (_: unknown, status: number) => void this.refused.push(status);
    const head = { operation, id: 'req_1', params: {}, client: { name: 'test' }, refused };
    const keep = (promise: Promise<unknown>) => void this.waited.push(promise);
    return this.core.handle(head, 'body', request, keep);
  }

  async send(
    operation: string,
    body = '',
    signal?: AbortSignal,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const request = new Request('http://rondo.example/', {
      method: 'POST',
      body,
      headers,
      ...(signal && { signal }),
    });
    return this.handle(request, operation);
  }
}

/** A KV namespace in memory. */
export class MemoryKv {
  readonly entries = new Map<string, string>();

  async get(key: string): Promise<ArrayBuffer | null> {
    const value = this.entries.get(key);
    return value === undefined ? null : Uint8Array.from(Buffer.from(value)).buffer;
  }

  async put(key: string, value: Uint8Array): Promise<void> {
    this.entries.set(key, new TextDecoder().decode(value));
  }

  async delete(key: string): Promise<void> {
    this.entries.delete(key);
  }

  get binding(): KVNamespace {
    return this as unknown as KVNamespace;
  }
}
