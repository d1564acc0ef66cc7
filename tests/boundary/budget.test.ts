// What the bodies of requests may take together, seen from the worker's side.
import { describe, expect, test, vi } from 'vitest';
import { Budget } from '../../worker/core/budget.ts';
import { builtModule } from '../support/machine.ts';
import { MemoryKv, ServedCore } from '../support/served.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

describe('a budget of 100 bytes', () => {
  test('is shared by all, and given back', () => {
    const budget = new Budget(100);
    const [first, second] = [budget.allowance(), budget.allowance()];
    expect([first.growTo(60), second.growTo(41), second.growTo(40)]).toEqual([true, false, true]);
    expect(first.growTo(61)).toBe(false);
    second.free();
    second.free();
    expect(first.growTo(61)).toBe(true);
  });

  test('takes one that is larger, but nobody beside it', () => {
    const budget = new Budget(100);
    const [large, small] = [budget.allowance(), budget.allowance()];
    expect([large.growTo(1000), small.growTo(1)]).toEqual([true, false]);
    large.free();
    expect(small.growTo(1)).toBe(true);
  });

  test('may always be taken less of', () => {
    const budget = new Budget(100);
    const [large, small] = [budget.allowance(), budget.allowance()];
    large.growTo(1000);
    small.growTo(0);
    expect([large.growTo(500), budget.taken]).toEqual([true, 500]);
  });

  test('gives as much as there is', () => {
    const budget = new Budget(100);
    const [first, second] = [budget.allowance(), budget.allowance()];
    expect([first.growUpTo(70), second.growUpTo(70), first.growUpTo(90)]).toEqual([70, 30, 70]);
    second.free();
    expect([first.growUpTo(300), first.growUpTo(200), budget.taken]).toEqual([300, 300, 300]);
  });
});

const serve = async (): Promise<ServedCore> =>
  new ServedCore(await builtModule(), {
    GEMINI_CLI_KV: new MemoryKv().binding,
    LOG_LEVEL: 'error',
    MAX_BODY_BYTES: '90000',
    MAX_BODY_BYTES_TOTAL: '100000',
  });

/** A body of which nothing comes yet; with a length it is told beforehand. */
function hanging(length?: number): Request {
  return requestOf(new ReadableStream({ type: 'bytes' }), length);
}

/** A body of `size` bytes that says it has `length`; nothing when it comes in chunks. */
function sized(size: number, length?: number): Request {
  return requestOf(new Blob(['x'.repeat(size)]).stream(), length);
}

function requestOf(body: ReadableStream<Uint8Array>, length?: number): Request {
  const headers = length === undefined ? {} : { 'content-length': String(length) };
  const init = { method: 'POST', headers, body, duplex: 'half' };
  return new Request('http://rondo.example/', init as RequestInit);
}

test.for([
  [30_000, 3],
  [70_000, 1],
  // Each begins with 64 KiB, or what is left.
  [undefined, 2],
] as const)(
  'of ten bodies of %s bytes that come at once, %i are read and the others refused',
  async ([length, read]) => {
    const served = await serve();
    const answered: number[] = [];
    for (let i = 0; i < 10; i += 1) {
      void served.handle(hanging(length)).then(({ status }) => {
        answered.push(status);
      });
    }
    await vi.waitFor(() => expect(answered).toHaveLength(10 - read));
    expect(new Set(answered)).toEqual(new Set([503]));
  },
);

const codeOf = async (answer: Response): Promise<string | undefined> =>
  ((await answer.json()) as { error?: { code: string } }).error?.code;

describe('a body gives its allowance back', () => {
  const ends: [string, (served: ServedCore) => Promise<Response>, string | undefined][] = [
    ['when its request is over', (served) => served.handle(sized(70_000, 70_000)), undefined],
    ['of chunks when its request is over', (served) => served.handle(sized(70_000)), undefined],
    ['when it is too large', (served) => served.handle(sized(90_001, 90_001)), 'request_too_large'],
    [
      'of chunks when it is too large',
      (served) => served.handle(sized(90_001)),
      'request_too_large',
    ],
    ['when it is cut short', (served) => served.handle(sized(69_999, 70_000)), 'incomplete_body'],
    [
      'when it is small and cut short',
      (served) => served.handle(sized(99, 100)),
      'incomplete_body',
    ],
  ];

  test.for(ends)('%s', async ([, send, code]) => {
    const served = await serve();
    expect(await codeOf(await send(served))).toBe(code);
    expect(served.core.bodyBytes()).toBe(0);
    await Promise.all(served.waited);
  });

  test('when the budget has too little left, and leaves that of the others', async () => {
    const served = await serve();
    void served.handle(hanging(60_000));
    for (const body of [sized(50_000, 50_000), sized(50_000)]) {
      expect(await codeOf(await served.handle(body))).toBe('overloaded');
      expect(served.core.bodyBytes()).toBe(60_000);
    }
  });
});

describe('a body for which there is no room', () => {
  const head = { operation: 'health', id: 'req_1', params: {}, client: { name: 'test' } };

  test.for([
    ['held body', 'overloaded'],
    ['unread body', undefined],
  ] as const)(
    'is refused where it may be read, and sent on where nobody reads it: %s',
    async ([takesBody, code]) => {
      const served = await serve();
      void served.handle(hanging(60_000));
      const answer = await served.core.handle(head, takesBody, sized(50_000, 50_000), () => {});
      expect(await codeOf(answer)).toBe(code);
      expect(served.core.bodyBytes()).toBe(60_000);
    },
  );
});

test('a body of which nothing is known takes nothing of the budget where there is no operation for it', async () => {
  const served = await serve();
  const head = { operation: 'health', id: 'req_1', params: {}, client: { name: 'test' } };
  const answer = await served.core.handle(head, 'no body', hanging(70_000), () => {});
  expect([answer.status, served.core.bodyBytes()]).toEqual([503, 0]);
  expect(await codeOf(answer)).toBeUndefined();
});
