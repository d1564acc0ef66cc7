// One request on the worker's side of the boundary, around a module that the test plays.
import { describe, expect, test, vi } from 'vitest';
import { allBytes, OpStatus } from '../../worker/core/abi.ts';
import { bounds } from '../../worker/core/bounds.ts';
import { Call } from '../../worker/core/call.ts';
import { BrokenInstance, type Instance } from '../../worker/core/instance.ts';
import { Log } from '../../worker/core/log.ts';
import { Room } from '../../worker/core/room.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

const noBytes = new Uint8Array();

type Completed = [op: number, status: OpStatus, bytes?: Uint8Array];

/** A call, what the module was answered, and whether it was over or dropped. */
function startCall(complete: (...completed: Completed) => void = () => {}) {
  const completed: Completed[] = [];
  const instance = {
    complete: (...each: Completed) => {
      completed.push(each);
      complete(...each);
    },
  } as unknown as Instance;
  const context = {
    kv: undefined,
    pool: undefined,
    share: new Room(0).share(),
    log: new Log('info'),
    waitUntil: () => {},
  };
  const [finished, drop] = [vi.fn(), vi.fn()];
  const call = new Call(instance, context, { finished, drop });
  return { call, completed, finished, drop };
}

/** Fetch that answers when it is let, with a body that tells whether it was cancelled. */
function standInForFetch() {
  const cancelled = vi.fn();
  const answered = Promise.withResolvers<void>();
  const fetched = vi.fn(async (_url: string, _init: RequestInit) => {
    await answered.promise;
    return new Response(new ReadableStream({ type: 'bytes', cancel: cancelled }));
  });
  vi.stubGlobal('fetch', fetched);
  return { fetched, cancelled, answer: answered.resolve };
}

const get = { head: { method: 'GET', url: 'https://google.example/', headers: {} }, body: noBytes };

test('a head that makes no response fails its own request, and nothing else', async () => {
  const { call } = startCall();
  const head = { status: 200, headers: { 'x-rondo-model': 'two\nlines' } };
  call.respond({ head, body: noBytes });
  const answer = await call.response;
  expect(answer.status).toBe(500);
  expect(await answer.json()).toMatchObject({ error: { code: 'internal_error' } });
});

test('no call follows a redirect, which would carry its token along', () => {
  const { fetched } = standInForFetch();
  startCall().call.fetch(1, get, noBytes);
  expect(fetched.mock.calls[0]?.[1]).toHaveProperty('redirect', 'manual');
});

describe('an answer that comes late is cancelled', () => {
  const ends: [string, (call: Call) => void][] = [
    ['when its client has left', (call) => call.done()],
    ['when the module wants it no more', (call) => call.abort(1)],
  ];

  test.for(ends)('%s', async ([, end]) => {
    const { answer, cancelled } = standInForFetch();
    const { call } = startCall();
    call.fetch(1, get, noBytes);
    end(call);
    expect(cancelled).not.toHaveBeenCalled();
    answer();
    await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce());
  });

  test.for(ends)('%s, though its head was there', async ([, end]) => {
    const { answer, cancelled } = standInForFetch();
    const { call, completed } = startCall();
    call.fetch(1, get, noBytes);
    answer();
    await vi.waitFor(() => expect(completed).toHaveLength(1));
    end(call);
    await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce());
  });

  test.for(ends)('%s, though all of it is being read', async ([, end]) => {
    const { answer, cancelled } = standInForFetch();
    const { call, completed } = startCall();
    call.fetch(1, get, noBytes);
    answer();
    await vi.waitFor(() => expect(completed).toHaveLength(1));
    call.read(2, 1, allBytes);
    end(call);
    await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce());
  });

  test('but not one that is wanted', async () => {
    const { answer, cancelled } = standInForFetch();
    const { call, completed } = startCall();
    call.fetch(1, get, noBytes);
    answer();
    await vi.waitFor(() => expect(completed[0]?.[1]).toBe(OpStatus.Ok));
    expect(cancelled).not.toHaveBeenCalled();
  });
});

describe('a module that traps', () => {
  const trap = (): never => {
    throw new BrokenInstance('the module has stopped');
  };

  test('breaks off a stream that has begun', async () => {
    const { call, drop } = startCall(trap);
    call.respond({ head: { status: 200, headers: {}, stream: true }, body: noBytes });
    const answer = await call.response;
    const text = answer.text();
    call.write(1, new TextEncoder().encode('data: half an ans'));
    await expect(text).rejects.toThrow();
    expect(drop).toHaveBeenCalledOnce();
  });

  test('has a request without an answer told 500', async () => {
    const { call, drop } = startCall(trap);
    call.answer(1, Promise.resolve(null));
    expect((await call.response).status).toBe(500);
    expect(drop).toHaveBeenCalledOnce();
  });
});

describe('an answer that is read as a whole', () => {
  const { answerPieceBytes, largePieceBytes, wholeAnswerBytes } = bounds;

  /** What the module is given of an answer of so many bytes, and how many were pulled for that. */
  async function readWhole(size: number) {
    let pulled = 0;
    const cancelled = vi.fn();
    const pull = (controller: ReadableByteStreamController): void => {
      const piece = new Uint8Array(Math.min(60_000, size - pulled)).fill(pulled % 251);
      pulled += piece.length;
      if (piece.length > 0) controller.enqueue(piece);
      else controller.close();
      controller.byobRequest?.respond(0);
    };
    vi.stubGlobal('fetch', async () => {
      const source = { type: 'bytes', pull, cancel: cancelled } as const;
      return new Response(new ReadableStream(source));
    });
    const { call, completed } = startCall();
    call.fetch(1, get, noBytes);
    await vi.waitFor(() => expect(completed).toHaveLength(1));
    call.read(2, 1, allBytes);
    await vi.waitFor(() => expect(completed).toHaveLength(2), { timeout: 10_000 });
    const [, status, bytes = noBytes] = completed[1] ?? [];
    return { status, bytes, pulled, cancelled };
  }

  const sizes = [0, 1, answerPieceBytes, answerPieceBytes + 1, 3 * largePieceBytes, 1_000_000];

  test.for([...sizes, wholeAnswerBytes])('comes whole, of %i bytes', async (size) => {
    const { status, bytes, cancelled } = await readWhole(size);
    expect([status, bytes.length]).toEqual([OpStatus.Last, size]);
    // Each byte is in its place.
    const isRight = bytes.every((byte, at) => byte === (at - (at % 60_000)) % 251);
    expect(isRight).toBe(true);
    expect(cancelled).not.toHaveBeenCalled();
  });

  test('is read no further than shows that it is too long', async () => {
    const { status, bytes, pulled, cancelled } = await readWhole(4 * wholeAnswerBytes);
    expect(status).toBe(OpStatus.Last);
    expect(bytes.length).toBeGreaterThan(wholeAnswerBytes);
    expect(pulled).toBeLessThan(wholeAnswerBytes + 3 * largePieceBytes);
    expect(cancelled).toHaveBeenCalledOnce();
  });
});
