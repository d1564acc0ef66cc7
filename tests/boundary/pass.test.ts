// A body that goes past the module: the client's on its way to Google, and Google's on its way back.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { OpStatus } from '../../worker/core/abi.ts';
import { Budget } from '../../worker/core/budget.ts';
import { Call } from '../../worker/core/call.ts';
import { HeldBody } from '../../worker/core/heldbody.ts';
import type { Instance } from '../../worker/core/instance.ts';
import { Log } from '../../worker/core/log.ts';
import { errorResponse } from '../../worker/errors.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();
afterEach(() => vi.unstubAllGlobals());

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes?: Uint8Array): string => new TextDecoder().decode(bytes);

/** A call with a body that is held, if one is, and what the module was answered by op. */
function startCall(held?: HeldBody, spent?: (tokens: number) => void) {
  const answers = new Map<number, readonly [OpStatus, string]>();
  const complete = (op: number, status: OpStatus, bytes?: Uint8Array) =>
    void answers.set(op, [status, textOf(bytes)]);
  const budget = new Budget(0);
  const allowance = budget.allowance();
  allowance.growTo(100);
  const context = {
    kv: undefined,
    cache: undefined,
    pool: undefined,
    memory: undefined,
    allowance,
    held,
    log: new Log('info'),
    refuse: errorResponse,
    waitUntil: () => {},
  };
  const instance = { complete } as unknown as Instance;
  const ends = { finished: vi.fn(), drop: vi.fn(), spent };
  const call = new Call(instance, context, ends);
  return {
    call,
    budget,
    answers,
    answered: (op: number) =>
      vi.waitFor(() => {
        const answer = answers.get(op);
        if (!answer) throw new Error('not yet');
        return answer;
      }),
  };
}

/** Google's answer, and the bodies that it was sent. */
function standInForGoogle(answer: () => ReadableStream<Uint8Array>) {
  const sent: Promise<string>[] = [];
  vi.stubGlobal('fetch', async (_: string, { body }: RequestInit) => {
    sent.push(new Response(body ?? null).text());
    return new Response(answer());
  });
  return sent;
}

const saying =
  (...pieces: readonly (string | Error)[]) =>
  (): ReadableStream<Uint8Array> => {
    const left = [...pieces];
    return new ReadableStream({
      type: 'bytes',
      pull(controller) {
        const piece = left.shift();
        if (piece instanceof Error) controller.error(piece);
        else if (piece !== undefined) controller.enqueue(bytesOf(piece));
        else {
          controller.close();
          controller.byobRequest?.respond(0);
        }
      },
    });
  };

const head = { method: 'POST', url: 'https://google.example/', headers: {}, isHeld: true } as const;

async function begin(call: Call, answered: (op: number) => Promise<unknown>) {
  call.fetch(1, head, new Uint8Array());
  await answered(1);
  call.respond(
    { status: 200, headers: { 'content-type': 'text/plain' }, stream: true, passed: true },
    new Uint8Array(),
  );
  call.write(bytesOf('one '));
  call.pass(2, 1);
  return call.response;
}

describe('a body that is held', () => {
  test('goes along with each fetch that asks for it', async () => {
    const sent = standInForGoogle(saying('yes'));
    const { call, answered } = startCall(new HeldBody([bytesOf('asked')]));
    call.fetch(1, head, new Uint8Array());
    call.fetch(2, head, new Uint8Array());
    await Promise.all([answered(1), answered(2)]);
    expect(await Promise.all(sent)).toEqual(['asked', 'asked']);
  });

  test('is read by the module, which is told when it can’t be', async () => {
    const { call, answered } = startCall(new HeldBody([bytesOf('asked')]));
    call.held(1);
    expect(await answered(1)).toEqual([OpStatus.Ok, 'asked']);
    const piped = startCall(new HeldBody([], saying('asked')()));
    piped.call.held(1);
    expect((await piped.answered(1))[0]).toBe(OpStatus.Failed);
  });

  test('that still comes fails the second fetch', async () => {
    standInForGoogle(saying('yes'));
    const { call, answered } = startCall(new HeldBody([], saying('asked')()));
    call.fetch(1, head, new Uint8Array());
    call.fetch(2, head, new Uint8Array());
    expect((await answered(1))[0]).toBe(OpStatus.Ok);
    expect((await answered(2))[0]).toBe(OpStatus.Failed);
  });
});

describe('an answer that is passed on', () => {
  test('comes behind what was written, and lets go of the body and its memory', async () => {
    standInForGoogle(saying('two ', 'three'));
    const held = new HeldBody([bytesOf('asked')]);
    const { call, budget, answered } = startCall(held);
    const response = await begin(call, answered);
    expect(budget.taken).toBe(0);
    expect(held.bytes).toBeUndefined();
    expect(await response.text()).toBe('one two three');
    expect(await answered(2)).toEqual([OpStatus.None, '']);
  });

  test.each([false, true])(
    'breaks off where it breaks, its cost looked at: %s',
    async (counted) => {
      standInForGoogle(saying('two ', new Error('lost')));
      const { call, answered } = startCall(
        new HeldBody([bytesOf('asked')]),
        counted ? () => {} : undefined,
      );
      const response = await begin(call, answered);
      await expect(response.text()).rejects.toThrow();
      expect((await answered(2))[0]).toBe(OpStatus.Failed);
    },
  );

  test('is the client’s by itself when nothing stands in front of it', async () => {
    standInForGoogle(saying('two ', 'three'));
    const { call, answered } = startCall(new HeldBody([bytesOf('asked')]));
    call.fetch(1, head, new Uint8Array());
    await answered(1);
    call.respond({ status: 201, headers: {}, stream: true, passed: true }, new Uint8Array());
    call.pass(2, 1);
    expect(await answered(2)).toEqual([OpStatus.None, '']);
    // What the module lets go of then is not ended.
    call.abort(1);
    call.done();
    const response = await call.response;
    expect(response.status).toBe(201);
    expect(await response.text()).toBe('two three');
  });

  test.each([false, true])('lets go of what is held when it begins, passed: %s', (passed) => {
    const held = new HeldBody([bytesOf('asked')]);
    const { call, budget } = startCall(held);
    call.respond({ status: 200, headers: {}, stream: true, passed }, new Uint8Array());
    expect(budget.taken).toBe(0);
    expect(held.bytes).toBeUndefined();
  });

  test('breaks off where nothing of it ever came', async () => {
    const { call } = startCall();
    call.respond({ status: 200, headers: {}, stream: true, passed: true }, new Uint8Array());
    call.done();
    await expect((await call.response).text()).rejects.toThrow();
  });

  test('needs no body that is held', async () => {
    standInForGoogle(saying('{"usage":{"total_tokens":', '8}}'));
    const spent = vi.fn();
    const { call, answered } = startCall(undefined, spent);
    const { isHeld: _, ...unheld } = head;
    call.fetch(1, unheld, bytesOf('asked'));
    await answered(1);
    call.respond({ status: 200, headers: {}, stream: true, passed: true }, new Uint8Array());
    call.pass(2, 1);
    expect(await (await call.response).text()).toBe('{"usage":{"total_tokens":8}}');
    await answered(2);
    call.done();
    expect(spent.mock.calls).toEqual([[8]]);
  });

  test('tells at its end what it has cost, once, where somebody wants to know', async () => {
    standInForGoogle(saying('{"totalTokenCount":3}', '{"totalTokenCount":8}'));
    const spent = vi.fn();
    const { call, answered } = startCall(new HeldBody([bytesOf('asked')]), spent);
    const response = await begin(call, answered);
    await response.text();
    await answered(2);
    call.done();
    call.done();
    expect(spent.mock.calls).toEqual([[8]]);
  });
});
