// Who counts what clients use: the object where it is bound, else this isolate.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bounds } from '../../worker/core/bounds.ts';
import { Log } from '../../worker/core/log.ts';
import { Meter } from '../../worker/limits/meter.ts';
import { minuteMs } from '../../worker/limits/tally.ts';
import { Tallies } from '../../worker/pool/tallies.ts';
import { MemorySql } from '../support/sql.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const limits = { requests_per_minute: 3, tokens_per_minute: 100 };

/** An object, and the binding of it that an isolate has. */
function startObject(sql = new MemorySql()) {
  const tallies = new Tallies(sql.binding);
  const admit = vi.fn(async (...all: Parameters<Tallies['admit']>) => tallies.admit(...all));
  const charge = vi.fn(async (...all: Parameters<Tallies['charge']>) => tallies.charge(...all));
  const namespace = { getByName: () => ({ admit, charge }) };
  return { tallies, admit, charge, namespace: namespace as never };
}

const startMeter = (namespace?: never) => new Meter(namespace, new Log('info'));

/** How many of so many requests are admitted. */
const admitted = async (meter: Meter, count: number, client = 'me'): Promise<number> => {
  let all = 0;
  for (let time = 0; time < count; time += 1) {
    if ((await meter.admit(client, limits)).isAdmitted) all += 1;
  }
  return all;
};

const warnings = () =>
  vi
    .mocked(console.warn)
    .mock.calls.map(([line]) => (JSON.parse(String(line)) as { event: string }).event);

describe('without the object', () => {
  test('an isolate counts for itself, and says so once', async () => {
    const meter = startMeter();
    expect(await admitted(meter, 5)).toBe(3);
    expect(await admitted(meter, 5, 'other')).toBe(3);
    expect(warnings()).toEqual(['limits_of_isolate']);
  });

  test('tokens count for the next request', async () => {
    const meter = startMeter();
    await meter.charge('me', 100);
    expect(await admitted(meter, 1)).toBe(0);
    vi.advanceTimersByTime(minuteMs);
    expect(await admitted(meter, 1)).toBe(1);
  });

  test('no more clients are remembered than there is room for', async () => {
    const meter = startMeter();
    await admitted(meter, 3);
    for (let index = 0; index < bounds.limitedClients; index += 1)
      await meter.charge(`c${index}`, 1);
    expect(await admitted(meter, 1)).toBe(1);
  });
});

describe('with the object', () => {
  test('two isolates share one limit, and nothing is logged', async () => {
    const { namespace } = startObject();
    const [first, second] = [startMeter(namespace), startMeter(namespace)];
    expect((await admitted(first, 2)) + (await admitted(second, 5))).toBe(3);
    expect(warnings()).toEqual([]);
  });

  test('what one was told to have cost counts for the other', async () => {
    const { namespace } = startObject();
    await startMeter(namespace).charge('me', 100);
    expect(await admitted(startMeter(namespace), 1)).toBe(0);
  });

  test('a client that insists costs no more calls', async () => {
    const { admit, namespace } = startObject();
    expect(await admitted(startMeter(namespace), 100)).toBe(3);
    expect(admit).toHaveBeenCalledTimes(3);
  });

  test('an isolate counts by itself while the object fails', async () => {
    const { admit, charge, namespace } = startObject();
    const broken = async () => {
      throw new Error('the object is gone');
    };
    admit.mockImplementation(broken);
    charge.mockImplementation(broken);
    const meter = startMeter(namespace);
    expect(await admitted(meter, 5)).toBe(3);
    await meter.charge('other', 100);
    expect(await admitted(meter, 1, 'other')).toBe(0);
    expect(new Set(warnings())).toEqual(new Set(['limits_not_shared']));
  });

  test('an isolate waits no longer than it may for an object that is silent', async () => {
    const { admit, namespace } = startObject();
    admit.mockImplementation(() => new Promise(() => {}));
    const admitting = admitted(startMeter(namespace), 1);
    await vi.advanceTimersByTimeAsync(bounds.poolAnswerMs);
    expect(await admitting).toBe(1);
  });
});

describe('the object', () => {
  test('knows what was used after it was evicted', () => {
    const sql = new MemorySql();
    startObject(sql).tallies.charge('me', 100, Date.now());
    const { tallies } = startObject(sql);
    expect(tallies.admit('me', limits, Date.now()).isAdmitted).toBe(false);
  });

  test('keeps no more clients than there is room for, in memory and on disk', () => {
    const sql = new MemorySql();
    const { tallies } = startObject(sql);
    for (let index = 0; index <= bounds.limitedClients; index += 1) {
      tallies.charge(`c${index}`, 100, Date.now());
    }
    expect(sql.exec('SELECT client FROM tallies')).toHaveLength(bounds.limitedClients);
    expect(tallies.admit('c0', limits, Date.now()).isAdmitted).toBe(true);
    expect(tallies.admit('c2', limits, Date.now()).isAdmitted).toBe(false);
  });

  test.for([
    ['a name that is too long', 'x'.repeat(bounds.clientNameChars + 1), 1, 0],
    ['a time that lies far ahead', 'me', 1, bounds.poolFactMs + 1],
    ['a time that is none', 'me', 1, Number.NaN],
    ['a cost that is none', 'me', Number.NaN, 0],
    ['a cost below nothing', 'me', -1, 0],
    ['a cost that nothing has', 'me', bounds.tokensOfRequest + 1, 0],
  ] as const)('refuses %s', ([, client, tokens, ahead]) => {
    const { tallies } = startObject();
    expect(() => tallies.charge(client, tokens, Date.now() + ahead)).toThrow(TypeError);
  });
});
