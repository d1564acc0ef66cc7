// What the bodies of requests may take together, seen from the worker's side.
import { describe, expect, test, vi } from 'vitest';
import { Room } from '../../worker/core/room.ts';
import { builtModule } from '../support/machine.ts';
import { MemoryKv, ServedCore } from '../support/served.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

describe('a room of 100 bytes', () => {
  test('is shared by all, and given back', () => {
    const room = new Room(100);
    const [first, second] = [room.share(), room.share()];
    expect([first.growTo(60), second.growTo(41), second.growTo(40)]).toEqual([true, false, true]);
    expect(first.growTo(61)).toBe(false);
    second.free();
    second.free();
    expect(first.growTo(61)).toBe(true);
  });

  test('takes one that is larger, but nobody beside it', () => {
    const room = new Room(100);
    const [large, small] = [room.share(), room.share()];
    expect([large.growTo(1000), small.growTo(1)]).toEqual([true, false]);
    large.free();
    expect(small.growTo(1)).toBe(true);
  });
});

const serve = async (): Promise<ServedCore> =>
  new ServedCore(await builtModule(), {
    GEMINI_CLI_KV: new MemoryKv().binding,
    LOG_LEVEL: 'error',
    MAX_BODY_BYTES_TOTAL: '100000',
  });

/** A body of which nothing comes yet; with a length it is told beforehand. */
function hanging(length?: number): Request {
  const headers = length === undefined ? {} : { 'content-length': String(length) };
  const body = new ReadableStream({ type: 'bytes' });
  const init = { method: 'POST', headers, body, duplex: 'half' };
  return new Request('http://rondo.example/', init as RequestInit);
}

const health = { operation: 'health', id: 'req_1', params: {}, client: { name: 'test' } };

test.for([30_000, 70_000, undefined])(
  'bodies of %s bytes that come at once are told apart before they are read',
  async (length) => {
    const { core } = await serve();
    const answered: number[] = [];
    for (let i = 0; i < 10; i += 1) {
      void core
        .handle(health, hanging(length), () => {})
        .then(({ status }) => {
          answered.push(status);
        });
    }
    const taken = Math.floor(100_000 / (length ?? 64 * 1024));
    await vi.waitFor(() => expect(answered).toHaveLength(10 - taken));
    expect(new Set(answered)).toEqual(new Set([503]));
  },
);

test('a body gives its room back when it is refused, and when its request is over', async () => {
  const served = await serve();
  for (let i = 0; i < 5; i += 1) {
    const answer = await served.send('health', 'x'.repeat(70_000));
    expect(answer.status).not.toBe(413);
    const { error } = (await answer.json()) as { error?: { code: string } };
    expect(error?.code).not.toBe('overloaded');
  }
});
