import { describe, expect, test, vi } from 'vitest';
import type { Exports } from '../../worker/core/abi.ts';
import { makeImports } from '../../worker/core/imports.ts';
import { BrokenInstance, Instance, OutOfMemory } from '../../worker/core/instance.ts';
import { hello } from '../support/conversation.ts';
import { type Fault, faultyModule } from '../support/faulty.ts';
import { builtModule } from '../support/machine.ts';
import { MemoryKv, ServedCore } from '../support/served.ts';
import { keyFile } from '../support/serviceaccount.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

const faulty = async (fault: Fault): Promise<ServedCore> =>
  new ServedCore(await WebAssembly.compile(faultyModule(fault)));

const internal = {
  error: { type: 'server_error', code: 'internal_error', param: null, message: expect.any(String) },
};

async function expectInternal(response: Response): Promise<void> {
  expect(response.status).toBe(500);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(await response.json()).toEqual(internal);
}

describe('a module that traps while it takes a request', () => {
  test("has the request answered with 500 in OpenAI's shape", async () => {
    const served = await faulty('request');
    await expectInternal(await served.send('health'));
  });

  test('is made anew for the next request, which works', async () => {
    const served = await faulty('request');
    await served.send('health');
    const next = await served.send('health');
    expect(next.status).toBe(200);
    expect(await next.json()).toEqual({ object: 'list', data: [] });
  });

  test('has that told once', async () => {
    const served = await faulty('request');
    await served.send('health');
    await served.send('health');
    expect(served.refused).toEqual([500]);
  });

  test('is reported once, as an error', async () => {
    const served = await faulty('request');
    await served.send('health');
    await served.send('health');
    expect(vi.mocked(console.error).mock.calls).toEqual([
      [expect.stringContaining('"event":"module_failed"')],
    ]);
  });

  test('lets the event of its request end', async () => {
    const served = await faulty('request');
    await served.send('health');
    expect(served.waited).toHaveLength(1);
    // Without it the runtime would keep the event for as long as it may.
    await Promise.all(served.waited);
  });
});

describe('a module that traps while it takes an answer', () => {
  test('has the request answered with 500, and is made anew', async () => {
    const served = await faulty('complete');
    await expectInternal(await served.send('health'));
    expect((await served.send('health')).status).toBe(200);
  });

  test('has its other open requests answered with 500 too', async () => {
    const served = await faulty('complete');
    const [first, second] = await Promise.all([served.send('health'), served.send('health')]);
    await expectInternal(first);
    await expectInternal(second);
    expect(served.refused).toEqual([500, 500]);
    await Promise.all(served.waited);
  });
});

test('a module that traps on a cancelled request is made anew for the next', async () => {
  const served = await faulty('cancel');
  const client = new AbortController();
  const request = vi.spyOn(Instance.prototype, 'request');
  void served.send('health', '', client.signal);
  // The request is in the module as soon as its body has been read.
  await vi.waitFor(() => expect(request).toHaveBeenCalled());
  client.abort();
  await Promise.all(served.waited);
  expect((await served.send('health')).status).toBe(200);
});

describe('a module without memory for a request', () => {
  // The larger one is to be read straight into that memory.
  test.for([5000, 100_000])('has %i bytes answered with 503 and works on', async (size) => {
    const served = await faulty('memory');
    const headers = { 'content-length': String(size) };
    const refused = await served.send('health', 'x'.repeat(size), undefined, headers);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ error: { code: 'overloaded' } });
    expect(served.refused).toEqual([503]);
    expect((await served.send('health')).status).toBe(200);
  });

  test('is not taken for a broken one', async () => {
    const made = await WebAssembly.compile(faultyModule('memory'));
    const instance = new Instance(made, (self) => makeImports(self, new Map()));
    expect(() => instance.request(2, new Uint8Array(5000))).toThrow(OutOfMemory);
    expect(instance.isBroken).toBe(false);
  });
});

/** The first instance is told that requests lie outside of its memory. */
function misleadFirstInstance(): void {
  const Real = WebAssembly.Instance;
  vi.spyOn(WebAssembly, 'Instance').mockImplementationOnce(function mislead(module, imports) {
    const { exports } = new Real(module, imports);
    const rondo_request = (req: number, _at: number, size: number): void =>
      (exports as unknown as Exports).rondo_request(req, -16, size);
    return { exports: { ...exports, rondo_request } };
  });
}

describe('the real module', () => {
  const env = {
    GCP_SERVICE_ACCOUNT_1: keyFile(),
    GEMINI_CLI_KV: new MemoryKv().binding,
    LOG_LEVEL: 'error',
  };

  test('survives an import that throws: 500, then a fresh instance', async () => {
    const served = new ServedCore(await builtModule(), env);
    vi.spyOn(crypto, 'getRandomValues').mockImplementationOnce(() => {
      throw new Error('no entropy today');
    });
    await expectInternal(await served.send('chat_completions', JSON.stringify(hello)));
    const next = await served.send('health');
    expect(await next.json()).toMatchObject({ status: 'ok', credentials: { total: 1 } });
    expect(served.core.openOps()).toBe(0);
  });

  test('survives a trap of its own: 500, then a fresh instance', async () => {
    misleadFirstInstance();
    const served = new ServedCore(await builtModule(), env);
    await expectInternal(await served.send('health'));
    expect((await served.send('health')).status).toBe(200);
  });
});

describe('an instance', () => {
  test('refuses an import that calls back into the module', async () => {
    const back = (self: Instance) => ({
      ...makeImports(self, new Map()),
      log: () => void self.openOps(),
    });
    const instance = new Instance(await builtModule(), back);
    // Without a credential the module warns as it is configured.
    expect(() => instance.configure(new Uint8Array([2, 0, 0, 0, 123, 125]))).toThrow(
      expect.objectContaining({
        cause: expect.objectContaining({ message: 'an import called back into the module' }),
      }),
    );
  });

  test('is broken by an import that calls back, also by one that keeps it to itself', async () => {
    const back = (self: Instance) => ({
      ...makeImports(self, new Map()),
      log: () => {
        expect(() => self.openOps()).toThrow(BrokenInstance);
      },
    });
    const instance = new Instance(await builtModule(), back);
    expect(() => instance.configure(new Uint8Array([2, 0, 0, 0, 123, 125]))).toThrow(
      expect.objectContaining({
        cause: expect.objectContaining({ message: 'an import called back into the module' }),
      }),
    );
    expect(instance.isBroken).toBe(true);
    expect(() => instance.openOps()).toThrow(BrokenInstance);
  });

  test('is broken for good by a trap, and says so without entering the module', async () => {
    const made = await WebAssembly.compile(faultyModule('request'));
    const instance = new Instance(made, (self) => makeImports(self, new Map()));
    expect(() => instance.request(1, new Uint8Array(4))).toThrow(BrokenInstance);
    expect(instance.isBroken).toBe(true);
    expect(() => instance.request(2, new Uint8Array(4))).toThrow(BrokenInstance);
    expect(() => instance.openOps()).toThrow(BrokenInstance);
  });
});
