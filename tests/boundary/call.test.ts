// One request on the worker's side of the boundary, around a module that the test plays.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { allBytes, OpStatus } from '../../worker/core/abi.ts';
import { bounds } from '../../worker/core/bounds.ts';
import { Budget } from '../../worker/core/budget.ts';
import { Call } from '../../worker/core/call.ts';
import { BrokenInstance, type Instance } from '../../worker/core/instance.ts';
import { Log } from '../../worker/core/log.ts';
import { readTexts } from '../../worker/core/texts.ts';
import { errorResponse, overloaded } from '../../worker/errors.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

const noBytes = new Uint8Array();
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
/** All that was to happen at once has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

type Completed = [op: number, status: OpStatus, bytes?: Uint8Array];

/** A call, what the module was answered, and whether it was over or dropped. */
function startCall(
  complete: (...completed: Completed) => void = () => {},
  budget = new Budget(0),
  feed: Instance['feed'] = () => undefined,
) {
  const completed: Completed[] = [];
  const instance = {
    complete: (...[op, status, bytes]: Completed) => {
      completed.push(bytes ? [op, status, bytes] : [op, status]);
      complete(op, status, bytes);
    },
    feed,
  } as unknown as Instance;
  const context = {
    kv: undefined,
    cache: undefined,
    pool: undefined,
    memory: undefined,
    allowance: budget.allowance(),
    log: new Log('info'),
    refuse: vi.fn(errorResponse),
    waitUntil: () => {},
  };
  const [finished, drop] = [vi.fn(), vi.fn()];
  const call = new Call(instance, context, { finished, drop });
  return { call, completed, finished, drop, refuse: context.refuse };
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

const get = { method: 'GET', url: 'https://google.example/', headers: {} };

test('a head that makes no response fails its own request, and nothing else', async () => {
  const { call } = startCall();
  const head = { status: 200, headers: { 'x-rondo-model': 'two\nlines' } };
  call.respond(head, noBytes);
  const answer = await call.response;
  expect(answer.status).toBe(500);
  expect(await answer.json()).toMatchObject({ error: { code: 'internal_error' } });
});

test('a head that makes a response is one, with its body', async () => {
  const { call } = startCall();
  const head = { status: 404, headers: { 'x-rondo-model': 'gemini' } };
  call.respond(head, bytesOf('{}'));
  const answer = await call.response;
  expect([answer.status, answer.headers.get('x-rondo-model')]).toEqual([404, 'gemini']);
  expect(await answer.text()).toBe('{}');
});

describe('a call', () => {
  const answering = (answer: () => Promise<Response>) => {
    const fetched = vi.fn((_url: string, _init: RequestInit) => answer());
    vi.stubGlobal('fetch', fetched);
    return fetched;
  };
  const post = { method: 'POST', url: 'https://google.example/ask', headers: { 'x-a': '1' } };

  test('takes method, address, header fields and body from the module', () => {
    const fetched = answering(async () => new Response());
    startCall().call.fetch(1, post, bytesOf('question'));
    expect(fetched).toHaveBeenCalledExactlyOnceWith('https://google.example/ask', {
      method: 'POST',
      headers: { 'x-a': '1' },
      redirect: 'manual',
      body: bytesOf('question'),
    });
  });

  test('has neither a body nor a time limit where the module gives none', () => {
    const fetched = answering(async () => new Response());
    startCall().call.fetch(1, get, noBytes);
    expect(Object.keys(fetched.mock.calls[0]?.[1] ?? {}).sort()).toEqual([
      'headers',
      'method',
      'redirect',
    ]);
  });

  test('keeps the time limit that the module sets', () => {
    const fetched = answering(async () => new Response());
    const limit = vi.spyOn(AbortSignal, 'timeout');
    startCall().call.fetch(1, { ...get, timeoutMs: 1234 }, noBytes);
    expect(limit).toHaveBeenCalledExactlyOnceWith(1234);
    expect(fetched.mock.calls[0]?.[1].signal).toBe(limit.mock.results[0]?.value);
  });

  test('is answered with the status, and the header fields that the module looks at', async () => {
    const headers = { 'content-type': 'text/plain', 'retry-after': '7', date: 'today' };
    answering(async () => new Response('', { status: 429, headers }));
    const { call, completed } = startCall();
    call.fetch(3, get, noBytes);
    await vi.waitFor(() => expect(completed).toHaveLength(1));
    const [op, status, frame = noBytes] = completed[0] ?? [];
    expect([op, status]).toEqual([3, OpStatus.Ok]);
    expect(readTexts(frame)).toEqual(['429', 'content-type', 'text/plain', 'retry-after', '7']);
  });

  test('is told where a redirect leads', async () => {
    const headers = { location: 'https://elsewhere.example/' };
    answering(async () => new Response(null, { status: 302, headers }));
    const { call, completed } = startCall();
    call.fetch(3, get, noBytes);
    await vi.waitFor(() => expect(completed).toHaveLength(1));
    expect(readTexts(completed[0]?.[2] ?? noBytes)).toEqual(['302', 'location', headers.location]);
  });

  test.for([
    [new TypeError('network is down'), 'network is down'],
    ['a text', 'a text'],
  ] as const)('that fails with %s is answered with its message', async ([error, message]) => {
    answering(() => Promise.reject(error));
    const { call, completed } = startCall();
    call.fetch(1, get, noBytes);
    await vi.waitFor(() => expect(completed).toEqual([[1, OpStatus.Failed, bytesOf(message)]]));
  });
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

  test('which is nothing where it has no body', async () => {
    vi.stubGlobal('fetch', async () => new Response(null, { status: 204 }));
    const { call, completed } = startCall();
    call.fetch(1, get, noBytes);
    call.abort(1);
    await vi.waitFor(() => expect(completed).toEqual([[1, OpStatus.None]]));
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

describe('an answer that is read as it comes', () => {
  /** What each of these reads is answered with, one after the other. */
  async function readAll(response: Response, reads: readonly number[]) {
    vi.stubGlobal('fetch', async () => response);
    const { call, completed } = startCall();
    call.fetch(1, get, noBytes);
    await vi.waitFor(() => expect(completed).toHaveLength(1));
    const answers: [OpStatus | undefined, string | undefined][] = [];
    for (const atLeast of reads) {
      const op = answers.length + 2;
      call.read(op, 1, atLeast);
      await vi.waitFor(() => expect(completed.at(-1)?.[0]).toBe(op));
      const [, status, bytes] = completed.at(-1) ?? [];
      // The next read has the buffer for itself.
      answers.push([status, bytes && new TextDecoder().decode(bytes)]);
    }
    return answers;
  }

  const pieces = (...texts: string[]): Response => {
    const start = (controller: ReadableByteStreamController): void => {
      for (const text of texts) controller.enqueue(bytesOf(text) as Uint8Array<ArrayBuffer>);
      controller.close();
    };
    return new Response(new ReadableStream({ type: 'bytes', start }));
  };

  test('is given as far as there is any, and then is none', async () => {
    expect(await readAll(pieces('one', 'two'), [0, 1, 1])).toEqual([
      [OpStatus.Ok, 'onetwo'],
      [OpStatus.None, undefined],
      [OpStatus.None, undefined],
    ]);
  });

  test('waits for as many bytes as the module wants, and tells that they are the last', async () => {
    expect(await readAll(pieces('one', 'two'), [100])).toEqual([[OpStatus.Last, 'onetwo']]);
  });

  test('is none where there is no body', async () => {
    expect(await readAll(new Response(null), [1])).toEqual([[OpStatus.None, undefined]]);
  });

  test('is none, when all of it is wanted, where there is no body', async () => {
    expect(await readAll(new Response(null), [allBytes])).toEqual([[OpStatus.None, undefined]]);
  });

  test('is read as a whole also when the module writes that number with its sign', async () => {
    expect(await readAll(pieces('one', 'two'), [allBytes | 0])).toEqual([
      [OpStatus.Last, 'onetwo'],
    ]);
  });

  test('comes in pieces of no more than one may be', async () => {
    const size = bounds.answerPieceBytes;
    const answers = await readAll(pieces('x'.repeat(size + 1)), [size + 1, 1]);
    expect(answers.map(([status, text]) => [status, text?.length])).toEqual([
      [OpStatus.Ok, size],
      [OpStatus.Ok, 1],
    ]);
  });

  test('is none of a body that nobody knows, or that was let go of', async () => {
    vi.stubGlobal('fetch', async () => pieces('one'));
    const { call, completed } = startCall();
    call.fetch(1, get, noBytes);
    await vi.waitFor(() => expect(completed).toHaveLength(1));
    call.read(2, 7, 1);
    await vi.waitFor(() => expect(completed.at(-1)).toEqual([2, OpStatus.None]));
    call.abort(1);
    call.read(3, 1, 1);
    await vi.waitFor(() => expect(completed.at(-1)).toEqual([3, OpStatus.None]));
  });
});

describe('a wait', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('is over after its time', async () => {
    const { call, completed } = startCall();
    call.wait(1, undefined, 500);
    await vi.advanceTimersByTimeAsync(499);
    expect(completed).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(completed).toEqual([[1, OpStatus.None]]);
  });

  test.for([
    ['the module wants no more', (call: Call) => call.abort(1)],
    ['of a request that is over', (call: Call) => call.done()],
  ] as const)('that %s leaves no timer behind', async ([, end]) => {
    const { call, completed } = startCall();
    call.wait(1, undefined, 500);
    end(call);
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(500);
    expect(completed).toEqual([]);
  });

  /** A signal, and the timer beside it. */
  const waitForSignal = () => {
    const signal = Promise.withResolvers<void>();
    const timer = Promise.withResolvers<void>();
    const wait = vi.fn((_ms: number, _options: { signal: AbortSignal }) => timer.promise);
    vi.stubGlobal('scheduler', { wait });
    const started = startCall();
    started.call.wait(1, signal.promise, 500);
    const isTimerEnded = () => wait.mock.calls[0]?.[1].signal.aborted;
    return { ...started, raise: signal.resolve, ring: timer.resolve, wait, isTimerEnded };
  };

  test('for a signal is over when that is raised, and ends its timer', async () => {
    const { completed, raise, wait, isTimerEnded } = waitForSignal();
    expect(wait.mock.calls[0]?.[0]).toBe(500);
    await vi.advanceTimersByTimeAsync(0);
    expect([completed, isTimerEnded()]).toEqual([[], false]);
    raise();
    await vi.advanceTimersByTimeAsync(0);
    expect([completed, isTimerEnded()]).toEqual([[[1, OpStatus.None]], true]);
  });

  test('for a signal is over after its time too', async () => {
    const { completed, ring } = waitForSignal();
    ring();
    await vi.advanceTimersByTimeAsync(0);
    expect(completed).toEqual([[1, OpStatus.None]]);
  });

  test('for a signal that the module wants no more ends its timer', () => {
    const { call, isTimerEnded } = waitForSignal();
    call.abort(1);
    expect(isTimerEnded()).toBe(true);
  });
});

describe('a stream', () => {
  const startStream = async () => {
    const started = startCall();
    const headers = { 'content-type': 'text/event-stream' };
    started.call.respond({ status: 200, headers, stream: true }, bytesOf('not it'));
    return { ...started, answer: await started.call.response };
  };

  test('carries what is written until its end', async () => {
    const { call, answer } = await startStream();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    const text = answer.text();
    call.write(bytesOf('one'));
    call.write(bytesOf('two'));
    call.end();
    expect(await text).toBe('onetwo');
  });

  const full = new Uint8Array(bounds.unsentBytes);

  test('has room for as much as may wait for its client', async () => {
    const { call } = await startStream();
    expect([call.write(full.subarray(1)), call.write(bytesOf('x'))]).toEqual([true, false]);
  });

  test('is ready at once while it has room', async () => {
    const { call, completed } = await startStream();
    call.ready(1);
    await vi.waitFor(() => expect(completed).toEqual([[1, OpStatus.None]]));
  });

  test('is ready when its client has taken what was too much', async () => {
    const { call, answer, completed } = await startStream();
    call.write(full);
    call.ready(1);
    await settled();
    expect(completed).toEqual([]);
    await answer.body?.getReader().read();
    await vi.waitFor(() => expect(completed).toEqual([[1, OpStatus.None]]));
  });

  test('that its client has left has no room, and is never ready', async () => {
    const { call, answer, completed } = await startStream();
    await answer.body?.cancel();
    call.write(bytesOf('one'));
    await settled();
    expect(call.write(bytesOf('two'))).toBe(false);
    call.ready(1);
    await vi.waitFor(() => expect(completed[0]?.[1]).toBe(OpStatus.Failed));
  });

  test('that was never begun has no room, and is never ready', async () => {
    const { call, completed } = startCall();
    expect(call.write(bytesOf('one'))).toBe(false);
    call.ready(1);
    await vi.waitFor(() => expect(completed).toEqual([[1, OpStatus.Failed, bytesOf('no stream')]]));
  });

  test('that was never begun may end', () => {
    expect(() => startCall().call.end()).not.toThrow();
  });

  test('breaks off with the message when its request fails', async () => {
    const { call, answer, refuse } = await startStream();
    const text = answer.text();
    call.fail(overloaded);
    await expect(text).rejects.toThrow(overloaded.message);
    expect(refuse).not.toHaveBeenCalled();
  });
});

describe('a body that is piped', () => {
  /** A stream, and a body for it that comes as the test says. */
  async function startPipe(feed: (text: string) => string | undefined) {
    const source = Promise.withResolvers<ReadableByteStreamController>();
    const cancelled = vi.fn();
    const start = (controller: ReadableByteStreamController): void => source.resolve(controller);
    vi.stubGlobal(
      'fetch',
      async () => new Response(new ReadableStream({ type: 'bytes', start, cancel: cancelled })),
    );
    const fed: string[] = [];
    const started = startCall(
      () => {},
      undefined,
      (_op, bytes) => {
        fed.push(new TextDecoder().decode(bytes));
        const output = feed(fed.at(-1) ?? '');
        return output === undefined ? undefined : bytesOf(output);
      },
    );
    const { call, completed } = started;
    call.respond({ status: 200, headers: {}, stream: true }, noBytes);
    call.fetch(1, get, noBytes);
    await vi.waitFor(() => expect(completed).toHaveLength(1));
    completed.length = 0;
    const controller = await source.promise;
    const come = (text: string) => controller.enqueue(bytesOf(text) as Uint8Array<ArrayBuffer>);
    const end = () => {
      controller.close();
      controller.byobRequest?.respond(0);
    };
    return { ...started, fed, come, end, cancelled, answer: await call.response };
  }

  const shout = (text: string): string => text.toUpperCase();

  test('goes through the module to the client, piece by piece, up to its end', async () => {
    const { call, come, end, fed, completed, answer } = await startPipe(shout);
    const text = answer.text();
    call.pipe(2, 1);
    for (const piece of ['one', 'two', 'three']) {
      come(piece);
      await vi.waitFor(() => expect(fed.at(-1)).toBe(piece));
    }
    expect(completed).toEqual([]);
    end();
    await vi.waitFor(() => expect(completed).toEqual([[2, OpStatus.None]]));
    call.end();
    expect(await text).toBe('ONETWOTHREE');
  });

  test('is fed at once as far as it has come', async () => {
    const { call, come, fed } = await startPipe(shout);
    come('one');
    come('two');
    call.pipe(2, 1);
    await vi.waitFor(() => expect(fed).toEqual(['onetwo']));
  });

  test('pauses when the module wants no more', async () => {
    const { call, come, completed } = await startPipe(() => undefined);
    call.pipe(2, 1);
    come('one');
    await vi.waitFor(() => expect(completed).toEqual([[2, OpStatus.Ok]]));
  });

  test('pauses when the client has no room, and goes on where it was', async () => {
    const { call, come, fed, completed, answer } = await startPipe(() =>
      'x'.repeat(bounds.unsentBytes),
    );
    call.pipe(2, 1);
    come('one');
    await vi.waitFor(() => expect(completed).toEqual([[2, OpStatus.Ok]]));
    come('two');
    await settled();
    expect(fed).toEqual(['one']);
    await answer.body?.getReader().read();
    call.pipe(3, 1);
    await vi.waitFor(() => expect(fed).toEqual(['one', 'two']));
  });

  test('tells how it broke', async () => {
    const { call, completed } = await startPipe(shout);
    vi.stubGlobal('fetch', async () => {
      const pull = () => Promise.reject(new Error('reset'));
      return new Response(new ReadableStream({ type: 'bytes', pull }));
    });
    call.fetch(5, get, noBytes);
    await vi.waitFor(() => expect(completed).toHaveLength(1));
    call.pipe(6, 5);
    await vi.waitFor(() =>
      expect(completed.at(-1)).toEqual([6, OpStatus.Failed, bytesOf('reset')]),
    );
  });

  test('is at its end where there is none, or nobody knows it', async () => {
    const { call, completed } = await startPipe(shout);
    vi.stubGlobal('fetch', async () => new Response(null));
    call.fetch(5, get, noBytes);
    await vi.waitFor(() => expect(completed).toHaveLength(1));
    call.pipe(6, 5);
    call.pipe(7, 99);
    await vi.waitFor(() => expect(completed).toHaveLength(3));
    expect(completed.slice(1).sort()).toEqual([
      [6, OpStatus.None],
      [7, OpStatus.None],
    ]);
  });

  test.for([
    ['whose pipe the module wants no more', (call: Call) => call.abort(2)],
    ['of a request that is over', (call: Call) => call.done()],
  ] as const)('%s is not fed any more', async ([, end]) => {
    const { call, come, fed } = await startPipe(shout);
    call.pipe(2, 1);
    come('one');
    await vi.waitFor(() => expect(fed).toEqual(['one']));
    end(call);
    try {
      come('two');
    } catch {
      // It was cancelled with its request.
    }
    await settled();
    expect(fed).toEqual(['one']);
  });

  test('breaks its answer off when the module traps', async () => {
    const { call, come, answer, drop } = await startPipe(() => {
      throw new BrokenInstance('the module has stopped');
    });
    const text = answer.text();
    call.pipe(2, 1);
    vi.spyOn(call, 'fail');
    come('one');
    await expect(text).rejects.toThrow();
    expect(drop).toHaveBeenCalledOnce();
  });
});

describe('a request that is over', () => {
  test('says so once', () => {
    const { call, finished, drop } = startCall();
    call.done();
    call.done();
    expect(finished).toHaveBeenCalledOnce();
    expect(drop).not.toHaveBeenCalled();
  });

  test('tells the module nothing more', async () => {
    const { call, completed } = startCall();
    const work = Promise.withResolvers<null>();
    call.answer(1, work.promise);
    call.done();
    work.resolve(null);
    await settled();
    expect(completed).toEqual([]);
  });
});

test('what a request holds is part of the budget of all', () => {
  const budget = new Budget(100);
  budget.allowance().growTo(60);
  const { call } = startCall(() => {}, budget);
  expect([call.hold(41), budget.taken]).toEqual([false, 60]);
  expect([call.hold(40), budget.taken]).toEqual([true, 100]);
});

test('what a store gives is Ok with its bytes, and None without', async () => {
  const { call, completed } = startCall();
  call.answer(1, Promise.resolve(bytesOf('x')));
  call.answer(2, Promise.resolve(null));
  await settled();
  expect(completed).toEqual([
    [1, OpStatus.Ok, bytesOf('x')],
    [2, OpStatus.None],
  ]);
});

describe('a module that traps', () => {
  const trap = (): never => {
    throw new BrokenInstance('the module has stopped');
  };

  test('breaks off a stream that has begun', async () => {
    const { call, drop } = startCall(trap);
    call.respond({ status: 200, headers: {}, stream: true }, noBytes);
    const answer = await call.response;
    const text = answer.text();
    call.write(bytesOf('data: half an ans'));
    call.ready(1);
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
    const sent = Buffer.alloc(size);
    for (let at = 0; at < size; at += 60_000) sent.subarray(at, at + 60_000).fill(at % 251);
    expect(sent.equals(bytes)).toBe(true);
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
