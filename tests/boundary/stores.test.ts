import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OpStatus } from '../../worker/core/abi.ts';
import { Asking, type Faked } from '../support/asking.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

const forever = (): Promise<never> => new Promise(() => {});
const down = (): Promise<never> => Promise.reject(new Error('it is down'));
const facts = [['cool|a|m', 3, 1_900_000_000_000, 'because']];
const claim = { do: 'claim', key: 'token|a', beyond: 1_900_000_000_000 };

/** An object of which the test gives the methods that it is about. */
const withPool = (pool: Faked): Asking => new Asking({ pool });

describe('the object POOL', () => {
  test('gives its facts as JSON', async () => {
    const answer = await withPool({ facts: async () => facts }).ask('pool', { do: 'facts' });
    expect(answer.status).toBe(OpStatus.Ok);
    expect(JSON.parse(answer.text)).toEqual(facts);
  });

  test('is told facts as they were told', async () => {
    const share = vi.fn(async () => {});
    const answer = await withPool({ share }).ask('pool', { do: 'share' }, JSON.stringify(facts));
    expect(answer.status).toBe(OpStatus.None);
    expect(share).toHaveBeenCalledExactlyOnceWith(facts);
  });

  test('gives a value, or none to the one who is to make it', async () => {
    const methods = vi.fn(async (): Promise<Uint8Array | null> => Buffer.from('sealed'));
    const asking = withPool({ claim: methods });
    expect(await asking.ask('pool', claim)).toMatchObject({ status: OpStatus.Ok, text: 'sealed' });
    expect(methods).toHaveBeenCalledExactlyOnceWith(claim.key, claim.beyond, expect.any(String));
    methods.mockResolvedValue(null);
    expect(await asking.ask('pool', claim)).toMatchObject({ status: OpStatus.None });
  });

  test('is told behind the answer what becomes of a claim', async () => {
    const called = vi.fn(async (..._: unknown[]) => {});
    const holders: string[] = [];
    const method =
      (name: string) =>
      (...args: unknown[]) =>
        called(name, ...args);
    const names = ['settle', 'release', 'erase'];
    const claimed = async (_key: string, _beyond: number, holder: string) => {
      holders.push(holder);
      return null;
    };
    const methods = Object.fromEntries(names.map((name) => [name, method(name)]));
    const asking = withPool({ ...methods, claim: claimed });
    for (const key of ['a', 'b']) await asking.ask('pool', { ...claim, key });
    await asking.tell('pool', { do: 'settle', key: 'a', expires: 7 }, 'value');
    await asking.tell('pool', { do: 'release', key: 'b' });
    await asking.tell('pool', { do: 'erase', key: 'c' });
    expect(called.mock.calls).toEqual([
      ['settle', 'a', new TextEncoder().encode('value'), 7, holders[0]],
      ['release', 'b', holders[1]],
      ['erase', 'c'],
    ]);
    expect(new Set(holders).size).toBe(2);
  });

  test('is not told of a claim that nobody holds, or that is given back already', async () => {
    const [release, settle] = [vi.fn(async () => {}), vi.fn(async () => {})];
    const asking = withPool({ claim: async () => null, release, settle });
    await asking.tell('pool', { do: 'release', key: 'k' });
    expect(release).not.toHaveBeenCalled();
    await asking.ask('pool', { ...claim, key: 'k' });
    await asking.tell('pool', { do: 'release', key: 'k' });
    await asking.tell('pool', { do: 'release', key: 'k' });
    expect(release).toHaveBeenCalledOnce();
    await asking.tell('pool', { do: 'settle', key: 'k', expires: 7 }, 'value');
    expect(settle).toHaveBeenCalledExactlyOnceWith('k', expect.anything(), 7, undefined);
  });

  test('that fails is no answer but its message', async () => {
    const answer = await withPool({ claim: down }).ask('pool', claim);
    expect(answer).toMatchObject({ status: OpStatus.Failed, text: 'it is down' });
  });

  test('that fails behind the answer is logged, without the value', async () => {
    await withPool({ settle: down }).tell('pool', { do: 'settle', key: 'k', expires: 7 }, 'value');
    const [line] = vi.mocked(console.warn).mock.calls[0] ?? [];
    expect(JSON.parse(line)).toEqual({
      time: expect.any(String),
      level: 'warn',
      event: 'pool_settle_failed',
      key: 'k',
      message: 'it is down',
    });
  });

  test('is not spoken to by an unknown word, which fails', async () => {
    const claimed = vi.fn(async () => null);
    const answer = await withPool({ claim: claimed }).ask('pool', { ...claim, do: 'seize' });
    expect(answer).toMatchObject({
      status: OpStatus.Failed,
      text: 'The worker can\'t do "seize".',
    });
    expect(claimed).not.toHaveBeenCalled();
  });

  test('is told nothing by an unknown word, which is logged', async () => {
    await withPool({}).tell('pool', { do: 'burn', key: 'k' });
    const [line] = vi.mocked(console.warn).mock.calls[0] ?? [];
    expect(JSON.parse(line ?? '{}')).toMatchObject({ event: 'pool_burn_failed', key: 'k' });
  });

  test('that is not bound knows nothing', async () => {
    expect(await new Asking().ask('pool', { do: 'facts' })).toMatchObject({
      status: OpStatus.None,
    });
  });
});

describe('KV', () => {
  test('is asked for bytes by their key, and gives them or none', async () => {
    const get = vi.fn(async (): Promise<ArrayBuffer | null> => Uint8Array.from([120]).buffer);
    const asking = new Asking({ kv: { get } });
    const found = await asking.ask('kv', { do: 'get', key: 'k' });
    expect(found).toMatchObject({ status: OpStatus.Ok, text: 'x' });
    expect(get).toHaveBeenCalledExactlyOnceWith('k', 'arrayBuffer');
    get.mockResolvedValue(null);
    expect(await asking.ask('kv', { do: 'get', key: 'k' })).toMatchObject({
      status: OpStatus.None,
    });
  });

  test('is told what to keep and for how long, and what to forget', async () => {
    const [put, forget] = [vi.fn(async () => {}), vi.fn(async () => {})];
    const asking = new Asking({ kv: { put, delete: forget } });
    await asking.tell('kv', { do: 'put', key: 'k', ttl: 60 }, 'value');
    const value = new TextEncoder().encode('value');
    expect(put).toHaveBeenCalledExactlyOnceWith('k', value, { expirationTtl: 60 });
    expect(forget).not.toHaveBeenCalled();
    await asking.tell('kv', { do: 'delete', key: 'j' });
    expect(put).toHaveBeenCalledOnce();
    expect(forget).toHaveBeenCalledExactlyOnceWith('j');
  });

  test('that is not bound knows nothing, and is told nothing', async () => {
    const asking = new Asking();
    expect(await asking.ask('kv', { do: 'get', key: 'k' })).toMatchObject({
      status: OpStatus.None,
    });
    await asking.tell('kv', { do: 'put', key: 'k', ttl: 60 }, 'value');
    expect(asking.kept).toEqual([]);
  });

  test('is not read by an unknown word, which fails', async () => {
    const get = vi.fn(async () => null);
    const answer = await new Asking({ kv: { get } }).ask('kv', { do: 'list', key: 'k' });
    expect(answer).toMatchObject({ status: OpStatus.Failed, text: 'The worker can\'t do "list".' });
    expect(get).not.toHaveBeenCalled();
  });

  test('is told nothing by an unknown word, which is logged', async () => {
    await new Asking({ kv: {} }).tell('kv', { do: 'burn', key: 'k' });
    const [line] = vi.mocked(console.warn).mock.calls[0] ?? [];
    expect(JSON.parse(line ?? '{}')).toMatchObject({ event: 'kv_burn_failed', key: 'k' });
  });

  test('that holds too much says how much, and under which key', async () => {
    const asking = new Asking({ kv: { get: async () => new ArrayBuffer(4 * 1024 * 1024 + 1) } });
    expect((await asking.ask('kv', { do: 'get', key: 'k' })).text).toBe(
      'KV holds more than 4194304 bytes under k.',
    );
  });

  test.for([
    [4 * 1024 * 1024, OpStatus.Ok],
    [4 * 1024 * 1024 + 1, OpStatus.Failed],
  ] as const)('that holds a value of %i bytes answers with status %i', async ([size, status]) => {
    const asking = new Asking({ kv: { get: async () => new ArrayBuffer(size) } });
    expect((await asking.ask('kv', { do: 'get', key: 'k' })).status).toBe(status);
  });
});

describe('what takes too long is given up:', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test.for([
    ['KV', 'kv', { do: 'get', key: 'k' }, 2000],
    ['facts', 'pool', { do: 'facts' }, 1000],
    ['sharing', 'pool', { do: 'share' }, 1000],
    ['a claim', 'pool', claim, 11_000],
  ] as const)('%s', async ([, name, head, ms]) => {
    const hanging = { get: forever, facts: forever, share: forever, claim: forever };
    const asking = new Asking({ kv: hanging, pool: hanging });
    const op = asking.start(name, head, '[]');
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(asking.answerTo(op)).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    const who = name === 'kv' ? 'KV' : 'The object POOL';
    expect(asking.answerTo(op)).toMatchObject({
      status: OpStatus.Failed,
      text: `${who} has not answered for ${ms / 1000} s.`,
    });
  });

  test('no timer is left behind what came in time', async () => {
    const asking = new Asking({ kv: { get: async () => null } });
    const op = asking.start('kv', { do: 'get', key: 'k' });
    await vi.advanceTimersByTimeAsync(0);
    expect(asking.answerTo(op)).toMatchObject({ status: OpStatus.None });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a claim that comes', () => {
  const late = () => {
    const { promise, resolve } = Promise.withResolvers<Uint8Array | null>();
    const release = vi.fn(async () => {});
    const ask = vi.fn((..._: unknown[]) => promise);
    const asking = withPool({ claim: ask, release });
    const op = asking.start('pool', claim);
    return { asking, op, resolve, release, holder: ask.mock.calls[0]?.[2] };
  };

  test('to one who waits for it is not given back', async () => {
    const { asking, op, resolve, release } = late();
    resolve(null);
    await vi.waitUntil(() => asking.answerTo(op));
    await Promise.all(asking.kept);
    expect(release).not.toHaveBeenCalled();
  });

  test('after its time is given back', async () => {
    vi.useFakeTimers();
    const { asking, resolve, release, holder } = late();
    await vi.advanceTimersByTimeAsync(11_000);
    vi.useRealTimers();
    resolve(null);
    await Promise.all(asking.kept);
    expect(release).toHaveBeenCalledExactlyOnceWith(claim.key, holder);
  });

  test.for([
    ['the module has dropped it', (asking: Asking, op: number) => asking.abort(op)],
    ['its client has left', (asking: Asking) => asking.leave()],
  ] as const)('when %s is given back', async ([, drop]) => {
    const { asking, op, resolve, release, holder } = late();
    drop(asking, op);
    resolve(null);
    await Promise.all(asking.kept);
    expect(release).toHaveBeenCalledExactlyOnceWith(claim.key, holder);
  });

  test('as a value is no claim, and nothing is given back', async () => {
    const { asking, resolve, release } = late();
    asking.leave();
    resolve(Buffer.from('sealed'));
    await Promise.all(asking.kept);
    expect(release).not.toHaveBeenCalled();
  });
});
