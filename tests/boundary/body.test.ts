// A client's body on its way in: how much, how long, and that all is given back.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Body, IncomingBody, type Target } from '../../worker/core/body.ts';
import { bounds } from '../../worker/core/bounds.ts';
import { Budget } from '../../worker/core/budget.ts';
import { overloaded } from '../../worker/errors.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const kibi = 1024;
const timeoutMs = 30_000;
const { smallBodyBytes, largePieceBytes } = bounds;

/** A client's side of a body. */
class Sender {
  readonly body: ReadableStream<Uint8Array>;
  isCancelled = false;
  #controller!: ReadableByteStreamController;

  constructor() {
    this.body = new ReadableStream({
      type: 'bytes',
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => {
        this.isCancelled = true;
      },
    });
  }

  send(size: number, byte = 120): void {
    this.#controller.enqueue(new Uint8Array(size).fill(byte));
    this.#controller.byobRequest?.respond(0);
  }

  end(): void {
    this.#controller.close();
    this.#controller.byobRequest?.respond(0);
  }

  breakOff(): void {
    this.#controller.error(new Error('connection reset'));
  }
}

class FakeTarget implements Target {
  readonly bytes: Uint8Array;
  freed = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
  }

  put(bytes: Uint8Array, at: number): void {
    if (this.freed > 0) throw new Error('put into what was given back');
    this.bytes.set(bytes, at);
  }

  free(): void {
    this.freed += 1;
  }
}

interface Asked {
  readonly length?: number | string;
  readonly maxBodyBytes?: number;
  readonly budget?: Budget;
  readonly makeTarget?: (size: number) => FakeTarget | typeof overloaded;
}

/** A body that is being read, with all that one may want to know of it. */
function read({
  length,
  maxBodyBytes = 1024 * kibi,
  budget = new Budget(1024 * kibi),
  makeTarget,
}: Asked) {
  const sender = new Sender();
  const headers = length === undefined ? {} : { 'content-length': String(length) };
  const init = { method: 'POST', headers, body: sender.body, duplex: 'half' } as RequestInit;
  const targets: FakeTarget[] = [];
  const makeFake = (size: number): FakeTarget => {
    const target = new FakeTarget(size);
    targets.push(target);
    return target;
  };
  const incoming = new IncomingBody<FakeTarget>(
    new Request('http://rondo.example/', init),
    { maxBodyBytes, bodyTimeoutMs: timeoutMs },
    budget.allowance(),
    makeTarget ?? makeFake,
  );
  return { sender, budget, targets, incoming, outcome: incoming.outcome };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

const failureIn = (body: Body<FakeTarget>): string | null | undefined =>
  'failure' in body ? body.failure.code : undefined;

const sizeOf = (body: Body<FakeTarget>): number => {
  if ('failure' in body) throw new Error(`refused: ${body.failure.message}`);
  if ('target' in body) return body.target.bytes.length;
  return body.pieces.reduce((size, piece) => size + piece.length, 0);
};

const kinds = [
  ['small', 1000],
  ['large', 200 * kibi],
  ['of unknown length', undefined],
] as const;

describe.for(kinds)('a body that is %s', ([, length]) => {
  test('is taken as it came, and leaves no timer behind', async () => {
    const { sender, budget, targets, outcome } = read({ ...(length && { length }) });
    const size = length ?? 500 * kibi;
    sender.send(size / 2, 1);
    await settle();
    sender.send(size / 2, 2);
    sender.end();
    const body = await outcome;
    expect(sizeOf(body)).toBe(size);
    const bytes = 'pieces' in body ? Buffer.concat(body.pieces) : targets[0]?.bytes;
    expect([bytes?.at(0), bytes?.at(size / 2 - 1), bytes?.at(size / 2), bytes?.at(-1)]).toEqual([
      1, 1, 2, 2,
    ]);
    expect(budget.taken).toBe(size);
    expect(targets.map(({ freed }) => freed)).not.toContain(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('that stays silent is 408, and gives all back', async () => {
    const { sender, budget, targets, outcome } = read({ ...(length && { length }) });
    sender.send(500);
    await vi.advanceTimersByTimeAsync(timeoutMs - 1);
    expect(budget.taken).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toMatchObject({ failure: { status: 408, code: 'request_timeout' } });
    expect(budget.taken).toBe(0);
    expect(targets.filter(({ freed }) => freed !== 1)).toEqual([]);
    expect(sender.isCancelled).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('may be as slow as it likes while bytes come', async () => {
    const { sender, outcome } = read({ ...(length && { length }) });
    const size = length ?? 1000;
    for (let byte = 0; byte < 5; byte += 1) {
      sender.send(1);
      await vi.advanceTimersByTimeAsync(timeoutMs - 1);
    }
    sender.send(size - 5);
    sender.end();
    await settle();
    expect(sizeOf(await outcome)).toBe(size);
  });

  test('is silent from its last byte on, not from its first', async () => {
    const { sender, incoming } = read({ ...(length && { length }) });
    const over = vi.fn();
    void incoming.outcome.then(over);
    await vi.advanceTimersByTimeAsync(20_000);
    sender.send(1);
    await vi.advanceTimersByTimeAsync(timeoutMs - 1);
    expect(over).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(over).toHaveBeenCalledOnce();
  });

  test('that breaks off is 400, and gives all back', async () => {
    const { sender, budget, targets, outcome } = read({ ...(length && { length }) });
    sender.send(500);
    await settle();
    sender.breakOff();
    expect(failureIn(await outcome)).toBe('incomplete_body');
    expect(budget.taken).toBe(0);
    expect(targets.filter(({ freed }) => freed !== 1)).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('that nobody wants any more gives all back at once, and takes no late byte', async () => {
    const { sender, budget, targets, incoming, outcome } = read({ ...(length && { length }) });
    sender.send(500);
    await settle();
    incoming.stop();
    expect(budget.taken).toBe(0);
    expect(targets.filter(({ freed }) => freed !== 1)).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    incoming.stop();
    expect(targets.filter(({ freed }) => freed !== 1)).toEqual([]);
    expect(failureIn(await outcome)).toBe('incomplete_body');
    expect(sender.isCancelled).toBe(true);
  });
});

test.for([1000, 200 * kibi])(
  'a body of fewer bytes than the %i that were told is 400',
  async (length) => {
    const { sender, budget, targets, outcome } = read({ length });
    sender.send(length - 1);
    sender.end();
    expect(failureIn(await outcome)).toBe('incomplete_body');
    expect(budget.taken).toBe(0);
    expect(targets.filter(({ freed }) => freed !== 1)).toEqual([]);
  },
);

describe('there is no body', () => {
  test('of a length of 0, whatever may come', async () => {
    const { budget, outcome } = read({ length: 0 });
    expect(await outcome).toEqual({ pieces: [] });
    expect([budget.taken, vi.getTimerCount()]).toEqual([0, 0]);
  });

  test('in a request without one, whatever its length says', async () => {
    const headers = { 'content-length': '5000' };
    const request = new Request('http://rondo.example/', { method: 'POST', headers });
    const limits = { maxBodyBytes: 1000, bodyTimeoutMs: timeoutMs };
    const allowance = new Budget(1000).allowance();
    const incoming = new IncomingBody(request, limits, allowance, () => overloaded);
    expect(await incoming.outcome).toEqual({ pieces: [] });
  });
});

describe('a content-length', () => {
  const odd = ['abc', 'NaN', '-5', '+5', '1e3', '0x10', '1.5', '5, 5', '', 'Infinity'];

  test.for(odd)('of "%s" is none: the body counts as what it is', async (length) => {
    const { sender, budget, outcome } = read({ length });
    expect(budget.taken).toBe(smallBodyBytes);
    sender.send(1000);
    sender.end();
    expect(sizeOf(await outcome)).toBe(1000);
    expect(budget.taken).toBe(1000);
  });

  test.for(['9'.repeat(20), '9'.repeat(400)])('of %s is too large', async (length) => {
    const { budget, outcome } = read({ length });
    expect(failureIn(await outcome)).toBe('request_too_large');
    expect(budget.taken).toBe(0);
  });
});

describe('a body of unknown length beside another', () => {
  const limit = 1000 * kibi;

  /** A budget that has just so much left. */
  const budgetWith = (left: number): Budget => {
    const budget = new Budget(2000 * kibi);
    budget.allowance().growTo(2000 * kibi - left);
    return budget;
  };

  test.for([limit, limit - 1, 3 * largePieceBytes, smallBodyBytes, smallBodyBytes + 1])(
    'is taken when its %i bytes fit exactly',
    async (size) => {
      const { sender, outcome } = read({ maxBodyBytes: limit, budget: budgetWith(size) });
      sender.send(size);
      sender.end();
      expect(sizeOf(await outcome)).toBe(size);
    },
  );

  test('is refused when it is one byte more than fits, and gives its allowance back', async () => {
    const budget = budgetWith(700 * kibi);
    const before = budget.taken;
    const { sender, outcome } = read({ maxBodyBytes: limit, budget });
    sender.send(700 * kibi + 1);
    expect(failureIn(await outcome)).toBe('overloaded');
    expect(budget.taken).toBe(before);
  });

  test('is 413 when it is one byte over the limit, and gives its allowance back', async () => {
    const budget = budgetWith(1500 * kibi);
    const before = budget.taken;
    const { sender, outcome } = read({ maxBodyBytes: limit, budget });
    sender.send(limit + 1);
    expect(failureIn(await outcome)).toBe('request_too_large');
    expect(budget.taken).toBe(before);
  });

  test('is left to be read on when it is refused', async () => {
    const { sender, outcome } = read({ maxBodyBytes: limit });
    sender.send(limit + 1);
    expect(failureIn(await outcome)).toBe('request_too_large');
    expect([sender.isCancelled, sender.body.locked]).toEqual([false, false]);
  });

  test('takes no more of the budget, while it comes, than what came and a piece', async () => {
    const { sender, budget } = read({ maxBodyBytes: limit });
    sender.send(600 * kibi);
    await settle();
    expect(budget.taken).toBeLessThanOrEqual(600 * kibi + largePieceBytes);
  });

  test('is refused at once when nothing is left of the budget', async () => {
    const { outcome } = read({ budget: budgetWith(0) });
    expect(failureIn(await outcome)).toBe('overloaded');
  });
});

describe('a large body', () => {
  test('that the module has no memory for is refused before it is read', async () => {
    const { budget, outcome } = read({ length: 200 * kibi, makeTarget: () => overloaded });
    expect(failureIn(await outcome)).toBe('overloaded');
    expect(budget.taken).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('over the limit is refused before it is read', async () => {
    const { budget, targets, outcome } = read({ length: 200 * kibi, maxBodyBytes: 200 * kibi - 1 });
    expect(failureIn(await outcome)).toBe('request_too_large');
    expect([budget.taken, targets]).toEqual([0, []]);
  });
});

describe('a body that drips while others need its memory', () => {
  const budgetOf = (size: number) => new Budget(size);
  const length = 700 * kibi;

  test('gives all of it to them, and is refused with its next byte', async () => {
    const slow = read({ length, budget: budgetOf(1024 * kibi) });
    slow.sender.send(1);
    await vi.advanceTimersByTimeAsync(bounds.slowBodyAfterMs);
    const quick = read({ length, budget: slow.budget });
    quick.sender.send(length);
    quick.sender.end();
    await settle();
    expect(sizeOf(await quick.outcome)).toBe(length);
    expect(slow.targets.map(({ freed }) => freed)).toEqual([1]);
    expect(slow.budget.taken).toBe(length);
    slow.sender.send(1);
    await settle();
    expect(await slow.outcome).toMatchObject({ failure: overloaded });
    expect(slow.targets.map(({ freed }) => freed)).toEqual([1]);
    expect(slow.budget.taken).toBe(length);
  });

  test('yields also to what comes in chunks', async () => {
    const slow = read({ length, budget: budgetOf(length) });
    slow.sender.send(1);
    await vi.advanceTimersByTimeAsync(bounds.slowBodyAfterMs);
    const { sender, outcome } = read({ budget: slow.budget });
    sender.send(100);
    sender.end();
    await settle();
    expect(sizeOf(await outcome)).toBe(100);
    expect(slow.targets.map(({ freed }) => freed)).toEqual([1]);
  });

  test('keeps it in its first moment, and as long as nobody needs it', async () => {
    const slow = read({ length, budget: budgetOf(1024 * kibi) });
    slow.sender.send(1);
    await vi.advanceTimersByTimeAsync(bounds.slowBodyAfterMs - 1);
    expect(failureIn(await read({ length, budget: slow.budget }).outcome)).toBe('overloaded');
    await vi.advanceTimersByTimeAsync(5000);
    const small = read({ length: 100, budget: slow.budget });
    small.sender.send(100);
    await settle();
    expect(sizeOf(await small.outcome)).toBe(100);
    slow.sender.send(length - 1);
    await settle();
    expect(sizeOf(await slow.outcome)).toBe(length);
  });

  test('is none when it has brought what may be asked of it', async () => {
    const steady = read({ length, budget: budgetOf(1024 * kibi) });
    steady.sender.send((2 * bounds.slowBodyBytesPerSecond * bounds.slowBodyAfterMs) / 1000);
    await vi.advanceTimersByTimeAsync(2 * bounds.slowBodyAfterMs);
    expect(failureIn(await read({ length, budget: steady.budget }).outcome)).toBe('overloaded');
    expect(steady.targets.map(({ freed }) => freed)).toEqual([0]);
  });

  test('is none once it is there', async () => {
    const whole = read({ length, budget: budgetOf(1024 * kibi) });
    whole.sender.send(length);
    await settle();
    expect(sizeOf(await whole.outcome)).toBe(length);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(failureIn(await read({ length, budget: whole.budget }).outcome)).toBe('overloaded');
    expect(whole.targets.map(({ freed }) => freed)).toEqual([0]);
  });
});
