// Models that stand in for others, and whose turn it is.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Simulator } from '../../scripts/simulator/simulator.ts';
import { ask, callsOf, failed, model, otherModel, served, told } from '../support/chat.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: Simulator;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccounts(3);
});

beforeEach(() => google.reset());

const start = (vars: Record<string, string>): Promise<Rondo> =>
  startRondo({ vars: { ...google.vars(), ...vars } });

describe('a model that may stand in', () => {
  const MODEL_FALLBACKS = JSON.stringify({ [model]: [otherModel] });

  test.for(['capacity', 'day', 'not-found'] as const)(
    'does so when the pool cannot serve: "%s"',
    async (kind) => {
      const rondo = await start({ MODEL_FALLBACKS });
      google.fault({ model }, kind, 9);
      const answer = await rondo.chat(ask());
      expect(answer.headers.get('x-rondo-model')).toBe(otherModel);
      const body = (await answer.json()) as { model: string };
      expect(body.model).toBe(model);
      expect(JSON.stringify(body)).not.toContain(otherModel);
    },
  );

  test('is told to nobody when the model itself serves', async () => {
    const rondo = await start({ MODEL_FALLBACKS });
    const answer = await rondo.chat(ask());
    expect(answer.headers.get('x-rondo-model')).toBe(model);
  });

  test('does not when the request forbids it', async () => {
    const rondo = await start({ MODEL_FALLBACKS });
    google.fault({ model }, 'capacity', 9);
    const headers = { 'content-type': 'application/json', 'x-rondo-fallback': 'off' };
    const { status } = await failed(rondo.chat(ask(), { headers }));
    expect(status).toBe(503);
    expect(callsOf(google, { model: otherModel })).toEqual([]);
  });

  test('does not for a client whose key does not cover it', async () => {
    const CLIENT_API_KEYS = JSON.stringify([{ key: clientKey, models: [model] }]);
    const rondo = await start({ MODEL_FALLBACKS, CLIENT_API_KEYS });
    google.fault({ model }, 'capacity', 9);
    expect((await failed(rondo.chat(ask()))).status).toBe(503);
  });

  test("does not for a fault of the client's", async () => {
    const rondo = await start({ MODEL_FALLBACKS });
    google.fault({ model }, 'invalid');
    expect((await failed(rondo.chat(ask()))).status).toBe(400);
    expect(callsOf(google)).toHaveLength(1);
  });
});

describe('the strategy', () => {
  test('fill_first stays with the first credential while it is free', async () => {
    const rondo = await start({ CREDENTIAL_STRATEGY: 'fill_first' });
    google.fault({ credential: 'sim-account-1' }, 'minute');
    for (let turn = 0; turn < 3; turn++) await told(rondo.chat(ask()));
    const [first, second] = ['sim-account-1', 'sim-account-2'];
    expect(served(google)).toEqual([first, second, second, second]);
  });

  test('sticky keeps a conversation with its credential, and others elsewhere', async () => {
    const rondo = await start({ CREDENTIAL_STRATEGY: 'sticky' });
    const of = async (key: string) => {
      const answer = await rondo.chat(ask('Hello', { prompt_cache_key: key }));
      return answer.headers.get('x-rondo-credential');
    };
    const mine = await of('mine');
    for (let turn = 0; turn < 3; turn++) expect(await of('mine')).toBe(mine);
    const all = new Set<string | null>();
    for (let index = 0; index < 20; index++) all.add(await of(`conversation ${index}`));
    expect(all.size).toBe(3);
  });
});
