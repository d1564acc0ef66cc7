// What the module's calls become on the worker's side: a request's, or nobody's.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Imports } from '../../worker/core/abi.ts';
import type { Call } from '../../worker/core/call.ts';
import { writeFrame } from '../../worker/core/frame.ts';
import { makeImports } from '../../worker/core/imports.ts';
import type { Instance } from '../../worker/core/instance.ts';
import { writeTexts } from '../../worker/core/texts.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const head = { do: 'anything' };
const frame = writeFrame(head, bytesOf('body'));
const bodyAt = 100;
const methods = ['fetch', 'read', 'abort', 'ask', 'tell', 'answer', 'wait', 'respond'] as const;
const moreMethods = ['pipe', 'write', 'ready', 'end', 'done', 'hold', 'spent'] as const;

let memory: Uint8Array;
let call: Record<(typeof methods)[number] | (typeof moreMethods)[number], ReturnType<typeof vi.fn>>;
let imports: Imports;

beforeEach(() => {
  memory = new Uint8Array(200);
  memory.set(frame);
  memory.set(bytesOf('data'), bodyAt);
  const names = [...methods, ...moreMethods];
  call = Object.fromEntries(names.map((name) => [name, vi.fn()])) as typeof call;
  const view = (at: number, size: number) => memory.subarray(at, at + size);
  const calls = new Map([[1, call as unknown as Call]]);
  imports = makeImports({ view } as unknown as Instance, calls);
});

const size = frame.length;

describe('a request', () => {
  test('has its call to Google made, with frame and body', () => {
    const texts = writeTexts(['POST', 'https://google.example/', '', '', '', '', 'x-a', '1']);
    memory.set(texts);
    imports.fetch(1, 2, 0, texts.length, bodyAt, 4);
    const read = { method: 'POST', url: 'https://google.example/', headers: { 'x-a': '1' } };
    expect(call.fetch).toHaveBeenCalledExactlyOnceWith(2, read, bytesOf('data'));
  });

  test.for(['kv', 'pool'] as const)(
    'has %s asked and told, with frames that outlive the call',
    (store) => {
      imports[store](1, 2, 0, size);
      imports[store](1, 0, 0, size);
      memory.fill(0);
      const read = { head, body: bytesOf('body') };
      expect(call.ask).toHaveBeenCalledExactlyOnceWith(store, 2, read);
      expect(call.tell).toHaveBeenCalledExactlyOnceWith(store, read);
    },
  );

  test('has its bodies read, its ops ended, itself ended', () => {
    imports.read(1, 2, 3, 4);
    imports.pipe(1, 2, 3);
    imports.abort(1, 2);
    imports.end(1);
    imports.spent(1, 7);
    imports.done(1);
    expect(call.read).toHaveBeenCalledExactlyOnceWith(2, 3, 4);
    expect(call.pipe).toHaveBeenCalledExactlyOnceWith(2, 3);
    expect(call.abort).toHaveBeenCalledExactlyOnceWith(2);
    expect(call.end).toHaveBeenCalledOnce();
    expect(call.spent).toHaveBeenCalledExactlyOnceWith(7);
    expect(call.done).toHaveBeenCalledOnce();
  });

  test('is answered, and written to', () => {
    const texts = writeTexts(['404', '', 'x-a', '1']);
    memory.set(texts);
    imports.respond(1, 0, texts.length, bodyAt, 4);
    call.write.mockReturnValueOnce(true).mockReturnValueOnce(false);
    expect([imports.write(1, bodyAt, 4), imports.write(1, bodyAt, 1)]).toEqual([1, 0]);
    imports.ready(1, 2);
    const read = { status: 404, headers: { 'x-a': '1' } };
    expect(call.respond).toHaveBeenCalledExactlyOnceWith(read, bytesOf('data'));
    expect(call.write.mock.calls).toEqual([[bytesOf('data')], [bytesOf('d')]]);
    expect(call.ready).toHaveBeenCalledExactlyOnceWith(2);
  });

  test('is told whether it may hold so much, however large', () => {
    call.hold.mockReturnValueOnce(true).mockReturnValueOnce(false);
    expect([imports.hold(1, 7), imports.hold(1, -1)]).toEqual([1, 0]);
    expect(call.hold.mock.calls).toEqual([[7], [0xffff_ffff]]);
  });

  test('waits for a signal that another raises, or for its time alone', async () => {
    imports.wait(1, 2, 9, 50);
    imports.wait(1, 3, 0, 60);
    const [[op, raised, ms] = [], timed] = call.wait.mock.calls as [number, Promise<void>?][][];
    expect([op, ms, timed]).toEqual([2, 50, [3, undefined, 60]]);
    imports.raise(9);
    await expect(raised).resolves.toBeUndefined();
  });
});

test('what is asked for a request that is over is nothing to anybody', () => {
  memory.set(frame);
  for (const name of ['fetch', 'read', 'abort', 'kv', 'pool', 'crypto', 'wait'] as const) {
    expect(() => imports[name](7, 2, 0, size, bodyAt, 4), name).not.toThrow();
  }
  imports.respond(7, 0, size, bodyAt, 4);
  for (const name of ['pipe', 'ready', 'write', 'end', 'done'] as const) {
    expect(() => imports[name](7, 0, size), name).not.toThrow();
  }
  expect([imports.hold(7, 1), imports.write(7, bodyAt, 4)]).toEqual([0, 0]);
});

test('a wait for a signal that nobody raises goes on, also when another is raised', async () => {
  imports.wait(1, 2, 9, 50);
  const raised = call.wait.mock.calls[0]?.[1] as Promise<void>;
  imports.raise(8);
  const first = await Promise.race([raised.then(() => 'raised'), Promise.resolve('waiting')]);
  expect(first).toBe('waiting');
});

test('a signal wakes all that wait for it, and none that waits afterwards', async () => {
  for (let time = 0; time < 2; time += 1) imports.wait(1, 2, 9, 50);
  imports.raise(9);
  imports.wait(1, 2, 9, 50);
  const waits = call.wait.mock.calls.map(([, raised]) => raised as Promise<void>);
  await Promise.all(waits.slice(0, 2));
  const late = await Promise.race([waits[2]?.then(() => 'raised'), Promise.resolve('waiting')]);
  expect(late).toBe('waiting');
});

test('random bytes go where the module wants them, and nowhere else', () => {
  memory.fill(0);
  imports.random(10, 64);
  expect(memory.subarray(10, 74).some((byte) => byte !== 0)).toBe(true);
  expect([...memory.subarray(0, 10), ...memory.subarray(74)].every((byte) => byte === 0)).toBe(
    true,
  );
});

test('the time is told in milliseconds since 1970', () => {
  vi.spyOn(Date, 'now').mockReturnValueOnce(1234);
  expect(imports.now()).toBe(1234);
});

test.for([
  [0, 'debug'],
  [1, 'info'],
  [2, 'warn'],
  [3, 'error'],
  [9, 'error'],
] as const)('a line of level %i is printed as it is, as %s', ([level, method]) => {
  imports.log(level, bodyAt, 4);
  const printed = (['debug', 'info', 'warn', 'error'] as const).map((name) => [
    name,
    vi.mocked(console[name]).mock.calls,
  ]);
  expect(Object.fromEntries(printed)).toEqual({
    debug: [],
    info: [],
    warn: [],
    error: [],
    [method]: [['data']],
  });
});

describe('a point', () => {
  const point = { indexes: ['alice'], blobs: ['chat_completions'], doubles: [200] };
  const told = (points?: object) => {
    memory.set(bytesOf(JSON.stringify(point)));
    const view = (at: number, size: number) => memory.subarray(at, at + size);
    makeImports(
      { view } as unknown as Instance,
      new Map(),
      points as AnalyticsEngineDataset | undefined,
    ).point(0, JSON.stringify(point).length);
  };

  test('goes to the dataset that is bound', () => {
    const writeDataPoint = vi.fn();
    told({ writeDataPoint });
    expect(writeDataPoint).toHaveBeenCalledExactlyOnceWith(point);
  });

  test('is lost without a word where none is bound, or it fails', () => {
    told();
    told({
      writeDataPoint: () => {
        throw new Error('too many points');
      },
    });
  });
});
