// A client that leaves while its body comes: nothing of it may stay.
import { describe, expect, test, vi } from 'vitest';
import { Instance } from '../../worker/core/instance.ts';
import { builtModule } from '../support/machine.ts';
import { MemoryKv, ServedCore } from '../support/served.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

const megabyte = 1024 * 1024;

const serve = async (): Promise<ServedCore> =>
  new ServedCore(await builtModule(), {
    GEMINI_CLI_KV: new MemoryKv().binding,
    LOG_LEVEL: 'error',
  });

/** Of so many bytes, of which 300,000 have come. */
function begun(length: number | undefined, signal: AbortSignal): Request {
  const body = new ReadableStream({
    type: 'bytes',
    start: (controller) => controller.enqueue(new Uint8Array(300_000)),
  });
  const headers = length === undefined ? {} : { 'content-length': String(length) };
  const init = { method: 'POST', headers, body, duplex: 'half', signal };
  return new Request('http://rondo.example/', init as RequestInit);
}

const kinds = [
  ['of a length that is told', 14 * megabyte],
  ['of chunks', undefined],
] as const;

describe.for(kinds)('a client that leaves in a body %s', ([, length]) => {
  test('gives all back at once', async () => {
    const served = await serve();
    const client = new AbortController();
    const answer = served.handle(begun(length, client.signal));
    await vi.waitFor(() => expect(served.core.bodyBytes()).toBeGreaterThan(300_000));
    client.abort();
    expect(served.core.bodyBytes()).toBe(0);
    expect((await answer).status).toBe(400);
    expect(served.refused).toEqual([]);
    await Promise.all(served.waited);
  });

  test('leaves no memory of the module taken, however often', async () => {
    const served = await serve();
    const reserve = vi.spyOn(Instance.prototype, 'reserve');
    const leave = async (): Promise<number> => {
      const client = new AbortController();
      const answer = served.handle(begun(length, client.signal));
      await vi.waitFor(() => expect(served.core.bodyBytes()).toBeGreaterThan(300_000));
      client.abort();
      await answer;
      const [instance] = reserve.mock.contexts as Instance[];
      return instance?.view(0, 1).buffer.byteLength ?? 0;
    };
    const first = await leave();
    for (let time = 0; time < 10; time += 1) expect(await leave()).toBe(first);
    expect(reserve).toHaveBeenCalledTimes(length === undefined ? 0 : 11);
  });
});

test('the event is told to wait for the end of a request before anything of it is read', async () => {
  const served = await serve();
  void served.handle(begun(14 * megabyte, new AbortController().signal));
  expect(served.waited).toHaveLength(1);
});

test('a client that has left before is not served', async () => {
  const served = await serve();
  const request = vi.spyOn(Instance.prototype, 'request');
  const answer = await served.send('health', 'x', AbortSignal.abort());
  expect([answer.status, served.core.bodyBytes()]).toEqual([400, 0]);
  expect(request).not.toHaveBeenCalled();
  await Promise.all(served.waited);
});

test('a body that is cut short gives the memory of the module back', async () => {
  const served = await serve();
  const reserve = vi.spyOn(Instance.prototype, 'reserve');
  const cut = async (): Promise<number> => {
    const body = new Blob(['x'.repeat(100_000)]).stream();
    const headers = { 'content-length': String(14 * megabyte) };
    const init = { method: 'POST', headers, body, duplex: 'half' };
    const answer = await served.handle(new Request('http://rondo.example/', init as RequestInit));
    expect(answer.status).toBe(400);
    return (reserve.mock.contexts[0] as Instance).view(0, 1).buffer.byteLength;
  };
  const first = await cut();
  for (let time = 0; time < 10; time += 1) expect(await cut()).toBe(first);
});
