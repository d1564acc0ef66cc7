// Thought signatures of calls between isolates, for clients that carry none: kept in the client's own
// object, and looked up there before Google gets its stand-in.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { contentsOf } from '../support/asked.ts';
import { ask, callsOf, model, otherModel, served } from '../support/chat.ts';
import * as anthropic from '../support/messages.ts';
import * as responses from '../support/responses.ts';
import { clientKey, type Rondo, startGoogle, startPair } from '../support/rondo.ts';
import { adjustedIn, callsIn, type Mode, modes, type Told, tell } from '../support/told.ts';

const otherKey = 'sk-rondo-test-other-client-77aa';
const dummy = 'skip_thought_signature_validator';
const day = 24 * 60 * 60 * 1000;

let google: GoogleStub;
let first: Rondo;
let second: Rondo;

const startTwo = async (): Promise<void> => {
  const vars = { ...google.vars(), CLIENT_API_KEYS: [clientKey, otherKey] };
  [first, second] = await startPair({ vars, store: true });
};

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccounts(2);
});

beforeEach(async () => {
  google.reset();
  await startTwo();
});

const user = { role: 'user', content: 'get_time({"tz":"UTC"}) then notify({"text":"x"})' };
const schema = { type: 'object', properties: { tz: { type: 'string' } } };
const tools = ['get_time', 'notify'].map((name) => ({
  type: 'function',
  function: { name, parameters: schema },
}));

/** The signatures of calls that Google was sent last. */
const sent = (): unknown[] =>
  contentsOf(google).flatMap(({ parts }) =>
    parts.flatMap((part) => ('functionCall' in part ? [part.thoughtSignature] : [])),
  );

const expectTrue = (calls: number): void => {
  expect(sent()).toHaveLength(calls);
  for (const signature of sent()) {
    expect(signature).toMatch(/.{40}/);
    expect(signature).not.toBe(dummy);
  }
  expect(callsOf(google).map(({ status }) => status)).toEqual(Array(calls + 1).fill(200));
};

/** Keeping goes on behind the answer. */
const untilKept = (rondo: Rondo, rows: number): Promise<void> =>
  expect.poll(async () => (await rondo.storedRows()).length).toBe(rows);

/** One round of a client that knows OpenAI's fields and no others: the history with calls and results. */
const round = async (
  rondo: Rondo,
  before: readonly object[],
  mode: Mode = 'whole',
): Promise<object[]> => {
  const told = await tell(rondo, mode, { model, tools, messages: before });
  const calls = callsIn(told).map(({ id, function: named }) => ({
    id,
    type: 'function',
    function: named,
  }));
  const results = calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'ok' }));
  return [...before, { role: 'assistant', content: null, tool_calls: calls }, ...results];
};

const goOn = (rondo: Rondo, messages: readonly object[], more: object = {}): Promise<Told> =>
  tell(rondo, 'whole', { model, tools, messages, ...more });

describe.each(modes)('a call that one isolate told, %s,', (mode) => {
  test('goes on in another one with its signature, by the same credential', async () => {
    const one = await round(first, [user], mode);
    await untilKept(first, 1);
    const two = await round(second, one, mode);
    await untilKept(second, 2);
    await goOn(first, two);
    expectTrue(2);
    expect(new Set(served(google)).size).toBe(1);
  });
});

describe('the same', () => {
  test('holds for items of responses', async () => {
    const input = [user];
    const items = tools.map(({ function: named }) => ({
      type: 'function',
      strict: false,
      ...named,
    }));
    const more = { tools: items };
    const told = await responses.responded(first, 'streamed', responses.respond(input, more));
    const call = told.response.output.find(({ type }) => type === 'function_call');
    if (!call) throw new Error('no call was made');
    await untilKept(first, 1);
    const output = { type: 'function_call_output', call_id: call.call_id, output: 'ok' };
    const history = [...input, call, output];
    await responses.responded(second, 'whole', responses.respond(history, more));
    expectTrue(1);
  });

  test('holds for a response that is stored, whose call is sent back alone', async () => {
    const items = tools.map(({ function: named }) => ({
      type: 'function',
      strict: false,
      ...named,
    }));
    const more = { tools: items, store: true };
    const told = await responses.responded(first, 'whole', responses.respond([user], more));
    await untilKept(first, 3);
    const call = told.response.output.find(({ type }) => type === 'function_call');
    const output = { type: 'function_call_output', call_id: call?.call_id, output: 'ok' };
    const history = [user, call, output];
    await responses.responded(second, 'whole', responses.respond(history, more));
    expectTrue(1);
  });

  test("holds for Anthropic's messages", async () => {
    const declared = tools.map(({ function: named }) => ({
      name: named.name,
      input_schema: schema,
    }));
    const more = { tools: declared };
    const begun = anthropic.say(user.content, more);
    const told = await anthropic.messageOf(first, 'streamed', begun);
    const [call] = told.content.filter(({ type }) => type === 'tool_use');
    if (!call) throw new Error('no call was made');
    await untilKept(first, 1);
    const result = { type: 'tool_result', tool_use_id: call.id, content: 'ok' };
    const messages = [
      user,
      { role: 'assistant', content: [call] },
      { role: 'user', content: [result] },
    ];
    await anthropic.messageOf(second, 'whole', { ...begun, messages });
    expectTrue(1);
  });

  test('holds when the object was lost in between', async () => {
    const one = await round(first, [user]);
    await untilKept(first, 1);
    await first.evictStores();
    await goOn(second, one);
    expectTrue(1);
  });
});

describe('the dummy is sent', () => {
  test('to Google for a client with another key', async () => {
    const one = await round(first, [user]);
    await untilKept(first, 1);
    const headers = { authorization: `Bearer ${otherKey}`, 'content-type': 'application/json' };
    const answer = await second.chat({ model, tools, messages: one }, { headers });
    expect(answer.status).toBe(200);
    await answer.text();
    expect(sent()).toEqual([dummy]);
  });

  test('a day later', async () => {
    await round(first, [user]);
    await untilKept(first, 1);
    // The isolate that tells of the call lives a day before the one that asks for it.
    await first.advance(-day);
    const one = await round(first, [user]);
    await first.advance(day);
    await first.startClock();
    // What is kept behind this one is kept after it, which may be gone by then: the object wakes up for that.
    await round(first, [user]);
    await expect.poll(async () => (await first.storedRows()).length).toBeGreaterThanOrEqual(2);
    google.reset();
    await goOn(second, one);
    expect(sent()).toEqual([dummy]);
  });

  test('for a call that was never told', async () => {
    const one = JSON.stringify(await round(first, [user]));
    await untilKept(first, 1);
    const [, id = ''] = /"id":"([^"]+)"/.exec(one) ?? [];
    for (const unknown of ['call_unknown', '../x', 'x'.repeat(3000)]) {
      await goOn(second, JSON.parse(one.replaceAll(id, unknown)) as object[]);
      expect(sent()).toEqual([dummy]);
    }
  });

  test('where the object fails, and nothing is told of it', async () => {
    const one = await round(first, [user]);
    await untilKept(first, 1);
    await second.breakStore({ fault: 'throw', methods: ['signatures'] });
    const told = await goOn(second, one);
    expect(sent()).toEqual([dummy]);
    expect(adjustedIn(told)).toEqual([]);
    expect(second.events('signatures_unreadable')).toHaveLength(1);
    await second.breakStore(null);
    await goOn(second, one);
    expect(sent()).not.toContain(dummy);
  });

  test('where the object says nothing for a second', async () => {
    const one = await round(first, [user]);
    await untilKept(first, 1);
    await second.stopClock();
    await second.breakStore({ fault: 'hang', methods: ['signatures'] });
    const asked = goOn(second, one);
    await expect.poll(async () => (await second.state()).openOps).toBeGreaterThan(0);
    const before = callsOf(google).length;
    await second.advance(999);
    expect(callsOf(google)).toHaveLength(before);
    await second.advance(1);
    expect(adjustedIn(await asked)).toEqual([]);
    expect(sent()).toEqual([dummy]);
  });
});

describe('an object that keeps nothing', () => {
  test('by failing fails no answer, which says nothing of it', async () => {
    await first.breakStore({ fault: 'throw', methods: ['keepSignatures'] });
    const told = await tell(first, 'whole', { model, tools, messages: [user] });
    expect(callsIn(told)).toHaveLength(1);
    expect(adjustedIn(told)).toEqual([]);
    await expect.poll(() => first.events('memory_keep_signatures_failed')).toHaveLength(1);
  });

  test.each(modes)('by silence holds no answer up, %s', async (mode) => {
    await first.stopClock();
    await first.breakStore({ fault: 'hang', methods: ['keepSignatures'] });
    const told = await tell(first, mode, { model, tools, messages: [user] });
    expect(callsIn(told)).toHaveLength(1);
  });
});

test('a request that needs no signature of it asks the object nothing', async () => {
  for (const rondo of [first, second]) {
    const methods = ['signatures', 'keepSignatures'];
    await rondo.breakStore({ fault: 'throw', methods });
  }
  // Nothing is called; the model's calls have no signatures; and what is a client's own.
  await tell(first, 'whole', ask());
  await tell(first, 'whole', { model: otherModel, tools, messages: [user] });
  const called = await tell(first, 'whole', { model, tools, messages: [user] });
  const [call] = callsIn(called);
  const messages = [
    user,
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: call?.id, content: 'ok' },
  ];
  await tell(second, 'whole', { model: otherModel, tools, messages });
  await expect.poll(() => first.events('memory_keep_signatures_failed')).toHaveLength(1);
  await tell(second, 'streamed', { ...ask('Hello'), tools });
  // It carries the signature, or knows it.
  await tell(second, 'whole', { model, tools, messages });
  expect(first.events('signatures_unreadable')).toEqual([]);
  expect(second.events('signatures_unreadable')).toEqual([]);
  expect(sent()).not.toContain(dummy);
});
