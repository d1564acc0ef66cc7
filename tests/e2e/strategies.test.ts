// Whose turn it is.
import { beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { ask, askTimes, model, otherModel, served } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';
import { callsIn, choiceOf, tell } from '../support/told.ts';

const one = 'sim-account-1';
const two = 'sim-account-2';

let google: GoogleStub;
let rondo: Rondo;

async function startWith(strategy: string, ...accounts: readonly JsonObject[]): Promise<void> {
  google = await startGoogle();
  for (const extra of accounts) google.addServiceAccount({ extra });
  rondo = await startRondo({ vars: { ...google.vars(), CREDENTIAL_STRATEGY: strategy } });
}

/** Who answers such a request. */
const whoFor = async (body: object): Promise<string> => {
  await askTimes(rondo, 1, body);
  return served(google).at(-1) ?? '';
};

describe('round_robin', () => {
  test('asks a credential of weight 2 twice as often as one of weight 1', async () => {
    await startWith('round_robin', { weight: 2 }, { weight: 1 });
    await askTimes(rondo, 6);
    expect(served(google)).toEqual([one, two, one, one, two, one]);
  });

  test('keeps the turns of each model apart', async () => {
    await startWith('round_robin', {}, {});
    await askTimes(rondo, 1, ask());
    await askTimes(rondo, 2, ask('Hello', { model: otherModel }));
    await askTimes(rondo, 1, ask());
    expect(served(google, { model })).toEqual([one, two]);
    expect(served(google, { model: otherModel })).toEqual([one, two]);
  });

  test('passes over a credential that does not serve the model', async () => {
    await startWith('round_robin', { models: ['gemini-2.*'] }, {});
    await askTimes(rondo, 2, ask());
    await askTimes(rondo, 2, ask('Hello', { model: otherModel }));
    expect(served(google)).toEqual([two, two, one, two]);
  });

  test('is what an unknown word stands for, and the log says so', async () => {
    await startWith('random', {}, {});
    await askTimes(rondo, 3);
    expect(served(google)).toEqual([one, two, one]);
    await expect
      .poll(() => rondo.events('setting_ignored'))
      .toEqual([expect.objectContaining({ variable: 'CREDENTIAL_STRATEGY' })]);
  });
});

describe('fill_first', () => {
  beforeEach(() => startWith('fill_first', {}, {}, {}));

  test('stays with the first credential while it is free', async () => {
    await askTimes(rondo, 3);
    expect(served(google)).toEqual([one, one, one]);
  });

  test('goes to the next while the first cools, and back when it is free', async () => {
    await rondo.stopClock();
    google.fault({ credential: one }, { kind: 'minute', seconds: 90 });
    await askTimes(rondo, 2);
    expect(served(google)).toEqual([one, two, two]);
    await rondo.advance(90_000);
    expect(await whoFor(ask())).toBe(one);
  });
});

describe('sticky', () => {
  beforeEach(() => startWith('sticky', {}, {}, {}));

  const first = (text: string) => [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: text },
  ];
  const later = [
    { role: 'assistant', content: 'Yes?' },
    { role: 'user', content: 'Go on.' },
  ];

  /** One conversation by each of its marks, at the turn of that number. */
  const marks: [string, (which: string, turn: number) => object][] = [
    ['prompt_cache_key', (which, turn) => ask(`turn ${turn}`, { prompt_cache_key: which })],
    ['user', (which, turn) => ask(`turn ${turn}`, { user: which })],
    [
      'its texts up to the first of the user',
      (which, turn) => ({ model, messages: [...first(which), ...Array(turn).fill(later).flat()] }),
    ],
  ];

  test.for(marks)('tells a conversation by %s', async ([, mark]) => {
    const mine = await whoFor(mark('mine', 0));
    for (let turn = 1; turn < 6; turn += 1) expect(await whoFor(mark('mine', turn))).toBe(mine);
    const others = new Set<string>();
    for (let index = 0; index < 20; index += 1) others.add(await whoFor(mark(`other ${index}`, 0)));
    expect(others.size).toBe(3);
  });

  test('moves the conversations of a credential that cools, and no others', async () => {
    const keys = Array.from({ length: 8 }, (_, index) => `conversation ${index}`);
    const who = async (): Promise<string[]> => {
      const names: string[] = [];
      for (const key of keys) names.push(await whoFor(ask('Hello', { prompt_cache_key: key })));
      return names;
    };
    const before = await who();
    const cooled = before[0] ?? '';
    google.fault({ credential: cooled }, { kind: 'minute', seconds: 90 });
    const during = await who();
    expect(during).not.toContain(cooled);
    const stayed = (name: string, index: number): boolean => name === during[index];
    expect(before.map(stayed)).toEqual(before.map((name) => name !== cooled));
  });

  test('comes back to its credential when that is free again', async () => {
    await rondo.stopClock();
    const mine = await whoFor(ask('Hello', { user: 'me' }));
    google.fault({ credential: mine }, { kind: 'minute', seconds: 90 });
    expect(await whoFor(ask('Hello', { user: 'me' }))).not.toBe(mine);
    await rondo.advance(90_000);
    expect(await whoFor(ask('Hello', { user: 'me' }))).toBe(mine);
  });
});

describe.each(['round_robin', 'fill_first', 'sticky'])('under %s a tool loop', (strategy) => {
  const tools = [
    { type: 'function', function: { name: 'get_time', parameters: { type: 'object' } } },
  ];
  const user = { role: 'user', content: 'get_time' };
  const within = (messages: readonly object[]) => ({ model, user: 'me', tools, messages });

  /** A loop that was begun elsewhere than the strategy has it, since its first choice cooled. */
  async function beginLoop(): Promise<{ by: string; history: object[] }> {
    await rondo.stopClock();
    google.fault({}, { kind: 'minute', seconds: 90 });
    const completion = await tell(rondo, 'streamed', within([user]));
    const by = served(google).at(-1) ?? '';
    expect(served(google)[0]).not.toBe(by);
    const results = callsIn(completion).map(({ id }) => ({
      role: 'tool',
      tool_call_id: id,
      content: 'noon',
    }));
    const { message } = choiceOf(completion);
    return { by, history: [user, { role: 'assistant', ...message }, ...results] };
  }

  beforeEach(() => startWith(strategy, {}, {}, {}));

  test('that is open stays with its credential, whose turn it is not', async () => {
    const { by, history } = await beginLoop();
    await rondo.advance(90_000);
    const aside = async () => whoFor(within([{ role: 'user', content: 'Hello' }]));
    expect([await aside(), await aside(), await aside()]).toContain(served(google)[0]);
    for (const _ of Array(3)) expect(await whoFor(within(history))).toBe(by);
  });

  test('goes on elsewhere when its credential cools', async () => {
    const { by, history } = await beginLoop();
    google.fault({ credential: by }, { kind: 'minute', seconds: 90 });
    for (const _ of Array(3)) expect(await whoFor(within(history))).not.toBe(by);
  });

  test('that is closed follows the strategy again', async () => {
    const { by, history } = await beginLoop();
    const done = [
      ...history,
      { role: 'assistant', content: 'It is noon.' },
      { role: 'user', content: 'Thanks.' },
    ];
    await rondo.advance(90_000);
    const next = () => whoFor(within(done));
    expect([await next(), await next()]).not.toEqual([by, by]);
  });
});
