// Thought signatures, rule by rule. The stub takes those alone that it made itself for the same
// kind of credential, project and family, and demands them where Google does.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountKind } from '../../scripts/googlestub/accounts.ts';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { answer, contentsOf, partsOf, refuse, said, stop } from '../support/asked.ts';
import { ask, callsOf, failed, model, otherModel, served, told } from '../support/chat.ts';
import { messageOf, say } from '../support/messages.ts';
import { responded } from '../support/responses.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';
import {
  adjustedIn,
  type Call,
  callsIn,
  choiceOf,
  type Mode,
  modes,
  type Told,
  tell,
} from '../support/told.ts';

let google: GoogleStub;
let rondo: Rondo;

const begin = async (...kinds: AccountKind[]): Promise<void> => {
  google = await startGoogle();
  for (const kind of kinds) google.add(kind);
  rondo = await startRondo({ vars: google.vars() });
};

let shared: { google: GoogleStub; rondo: Rondo };

beforeAll(async () => {
  await begin('service_account');
  shared = { google, rondo };
});

beforeEach(() => {
  ({ google, rondo } = shared);
  google.reset();
});

const dummy = 'skip_thought_signature_validator';
const tools = ['get_time', 'get_weather', 'notify'].map((name) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: { tz: { type: 'string' } } } },
}));
const rounds = 'get_time({"tz":"UTC"}) and get_weather then notify';
const user = { role: 'user', content: rounds };

/** Asks for calls, and gives back the messages of the round: the assistant's and the results. */
const callRound = async (mode: Mode, before: readonly object[], more: object = {}) => {
  const completion = await tell(rondo, mode, { model, tools, messages: [...before], ...more });
  const { message } = choiceOf(completion);
  const results = callsIn(completion).map(({ id }) => ({
    role: 'tool',
    tool_call_id: id,
    content: 'ok',
  }));
  return [...before, { role: 'assistant', ...message }, ...results];
};

const signatureOf = (call: Call | undefined): unknown =>
  (call?.extra_content as JsonObject | undefined)?.google;

/** With calls that this isolate knows nothing of. */
const renamed = (messages: readonly object[]): object[] =>
  messages.map((message) => {
    const { tool_calls: calls, tool_call_id: id } = message as JsonObject & { tool_calls?: Call[] };
    return {
      ...message,
      ...(calls && { tool_calls: calls.map((call) => ({ ...call, id: `${call.id}_x` })) }),
      ...(id !== undefined && { tool_call_id: `${id}_x` }),
    };
  });

/** As a client keeps it that knows OpenAI's fields and no others. */
const bare = (messages: readonly object[]): object[] =>
  messages.map((message) => {
    const { tool_calls, ...rest } = message as { tool_calls?: Call[] };
    if (!tool_calls) return rest;
    const calls = tool_calls.map(({ id, type, function: named }) => ({
      id,
      type: type ?? 'function',
      function: named,
    }));
    return { ...rest, tool_calls: calls };
  });

const sent = (turn: number): unknown[] =>
  partsOf(google, turn).map(({ thoughtSignature }) => thoughtSignature);

const goOn = (mode: Mode, messages: readonly object[], more: object = {}): Promise<Told> =>
  tell(rondo, mode, { model, tools, messages, ...more });

describe.each(modes)('signatures, %s,', (mode) => {
  test('come with the first of parallel calls, and with that alone', async () => {
    const completion = await tell(rondo, mode, ask(rounds, { tools }));
    const [first, second] = callsIn(completion);
    expect(signatureOf(first)).toEqual({ thought_signature: expect.stringMatching(/.{40}/) });
    expect(second).not.toHaveProperty('extra_content');
  });

  test('go back on their calls, those of every step', async () => {
    const one = await callRound(mode, [user]);
    const two = await callRound(mode, one);
    await goOn(mode, two);
    expect(contentsOf(google)).toHaveLength(5);
    const [first, second] = sent(1);
    expect(first).toMatch(/.{40}/);
    expect(second).toBeUndefined();
    expect(sent(3)).toEqual([expect.stringMatching(/.{40}/)]);
    expect(sent(3)).not.toEqual([first]);
  });

  test('are kept for clients that drop the fields they do not know', async () => {
    const one = await callRound(mode, [user]);
    const two = await callRound(mode, bare(one));
    await goOn(mode, bare(two));
    for (const signature of [sent(1)[0], sent(3)[0]]) {
      expect(signature).toMatch(/.{40}/);
      expect(signature).not.toBe(dummy);
    }
    expect(callsOf(google)).toHaveLength(3);
  });

  test('come with a text too, and go back on it', async () => {
    const completion = await tell(rondo, mode, ask());
    const { message } = choiceOf(completion);
    const signature = (message.extra_content as { google: JsonObject }).google.thought_signature;
    const messages = [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', ...message },
      { role: 'user', content: 'Go on.' },
    ];
    await goOn(mode, messages);
    expect(partsOf(google, 1)).toEqual([{ text: 'You said: Hello', thoughtSignature: signature }]);
  });

  test('are the dummy for another family', async () => {
    const one = await callRound(mode, [user]);
    await goOn(mode, one, { model: 'gemini-4-neon' });
    expect(sent(1)).toEqual([dummy, undefined]);
    expect(callsOf(google)).toHaveLength(2);
  });

  test('are none for a model that does not check them', async () => {
    const one = await callRound(mode, [user]);
    await goOn(mode, bare(one), { model: otherModel });
    expect(sent(1)).toEqual([undefined, undefined]);
  });

  test('are the dummy for another kind of credential', async () => {
    await begin('service_account', 'api_key');
    const one = await callRound(mode, [user]);
    const [first] = served(google);
    google.fault({ credential: first ?? '' }, 'minute');
    await goOn(mode, one);
    expect(served(google).at(-1)).not.toBe(first);
    expect(sent(1)).toEqual([dummy, undefined]);
    expect(callsOf(google).map(({ status }) => status)).toEqual([200, 429, 200]);
  });

  test('of another credential are the dummy', async () => {
    await begin('service_account', 'service_account');
    const one = await callRound(mode, [user]);
    const [first] = served(google);
    google.fault({ credential: first ?? '' }, 'minute');
    await goOn(mode, one);
    expect(served(google).at(-1)).not.toBe(first);
    expect(sent(1)).toEqual([dummy, undefined]);
    expect(callsOf(google).map(({ status }) => status)).toEqual([200, 429, 200]);
  });

  test('whose maker nobody knows are replaced by dummies when they are refused, once', async () => {
    await begin('service_account', 'service_account');
    const one = renamed(await callRound(mode, [user]));
    const [first] = served(google);
    const completion = await goOn(mode, one);
    const [, refused, taken] = callsOf(google);
    expect([refused?.status, taken?.status]).toEqual([400, 200]);
    expect(taken?.credential).toBe(refused?.credential);
    expect(taken?.credential).not.toBe(first);
    expect(sent(1)).toEqual([dummy, undefined]);
    expect(adjustedIn(completion)).toContain('thought_signatures');
  });
});

describe('where credentials take turns, a conversation of texts', () => {
  const texts = ['Hello', 'Go on.', 'And then?', 'The end.'];

  beforeEach(() => begin('service_account', 'service_account'));

  const expectOneCallEach = () => {
    expect(callsOf(google).map(({ status }) => status)).toEqual(texts.map(() => 200));
    expect(new Set(served(google)).size).toBe(2);
  };

  test.for(modes)('costs one call a turn in chat completions, %s', async (mode) => {
    const messages: object[] = [];
    for (const content of texts) {
      messages.push({ role: 'user', content });
      const completion = await tell(rondo, mode, { model, messages });
      messages.push({ role: 'assistant', ...choiceOf(completion).message });
    }
    expectOneCallEach();
  });

  test('costs one call a turn in Responses', async () => {
    const input: object[] = [];
    for (const content of texts) {
      input.push({ role: 'user', content });
      const include = ['reasoning.encrypted_content'];
      const { response } = await responded(rondo, 'whole', { model, input, store: false, include });
      input.push(...response.output);
    }
    expectOneCallEach();
  });

  test('costs one call a turn in Messages', async () => {
    const messages: object[] = [];
    for (const content of texts) {
      messages.push({ role: 'user', content });
      const thinking = { type: 'enabled', budget_tokens: 1024 };
      const message = await messageOf(
        rondo,
        'whole',
        say('', { messages, thinking, max_tokens: 4096 }),
      );
      messages.push({ role: 'assistant', content: message.content });
    }
    expectOneCallEach();
  });
});

describe('a refused signature', () => {
  test('cools no credential', async () => {
    const one = await callRound('whole', [user]);
    refuse(google, 'Corrupted thought signature.');
    await goOn('whole', one);
    expect(callsOf(google)).toHaveLength(3);
    await told(rondo.chat(ask()));
    expect(rondo.events('cooldown')).toEqual([]);
  });

  test.for([
    'Invalid thought signature.',
    'Corrupted thought signature.',
    'Function call is missing a thought_signature in functionCall parts. This is required for ' +
      'tools to work correctly, and missing thought_signature may lead to degraded model ' +
      'performance. Additional data, function call `default_api:get_time`, position 2.',
  ])('by "%s" is tried once with dummies', async (message) => {
    const one = await callRound('whole', [user]);
    refuse(google, message);
    await goOn('whole', one);
    expect(sent(1)).toEqual([dummy, undefined]);
  });

  test('that is refused again is passed on', async () => {
    const one = await callRound('whole', [user]);
    refuse(google, 'Corrupted thought signature.', 2);
    const { status } = await failed(rondo.chat({ model, tools, messages: one }));
    expect(status).toBe(400);
    expect(callsOf(google)).toHaveLength(3);
  });
});

describe('a signature from a client', () => {
  // A signature is good for the call that it was given with alone.
  const carriers: [string, (signature: string, called: JsonObject) => JsonObject][] = [
    ['extra_content.google', (s) => ({ extra_content: { google: { thought_signature: s } } })],
    ['extra_content.vertex', (s) => ({ extra_content: { vertex: { thought_signature: s } } })],
    ['provider_specific_fields', (s) => ({ provider_specific_fields: { thought_signature: s } })],
    ['the call', (s) => ({ thought_signature: s })],
    ['the function', (s, called) => ({ function: { ...called, thought_signature: s } })],
    [
      'provider_specific_fields of the function',
      (s, called) => ({
        function: { ...called, provider_specific_fields: { thought_signature: s } },
      }),
    ],
    ['the id of the call', (s) => ({ id: `call_other__thought__${s}` })],
  ];

  const genuine = async (): Promise<[signature: string, called: JsonObject]> => {
    const [call] = callsIn(await tell(rondo, 'whole', ask(rounds, { tools })));
    const { thought_signature } = signatureOf(call) as { thought_signature: string };
    return [thought_signature, (call as unknown as { function: JsonObject }).function];
  };
  const made = (more: JsonObject): JsonObject => ({
    id: 'call_other',
    type: 'function',
    function: { name: 'get_time', arguments: '{}' },
    ...more,
  });
  const history = (call: JsonObject, more: JsonObject = {}) => [
    user,
    { role: 'assistant', content: null, tool_calls: [call], ...more },
    { role: 'tool', tool_call_id: call.id, content: 'ok' },
  ];

  test.for(carriers)('is taken from %s', async ([, carry]) => {
    const [signature, called] = await genuine();
    await goOn('whole', history(made({ function: called, ...carry(signature, called) })));
    expect(sent(1)).toEqual([signature]);
    expect(callsOf(google)).toHaveLength(2);
  });

  test('is taken from reasoning_details', async () => {
    const [signature, called] = await genuine();
    const details = [{ type: 'reasoning.encrypted', id: 'call_other', data: signature }];
    await goOn('whole', history(made({ function: called }), { reasoning_details: details }));
    expect(sent(1)).toEqual([signature]);
  });

  test.for([
    ['is missing', {}],
    ['is empty', { extra_content: { google: { thought_signature: '' } } }],
    ['is cut', { extra_content: { google: { thought_signature: 'abcde' } } }],
    ['is no base64', { extra_content: { google: { thought_signature: '<redacted>' } } }],
    ['is a number', { extra_content: { google: { thought_signature: 5 } } }],
    ['is in no object', { extra_content: 'gone' }],
  ] as [string, JsonObject][])('that %s is the dummy at once', async ([, more]) => {
    await goOn('whole', history(made(more)));
    expect(sent(1)).toEqual([dummy]);
    expect(callsOf(google)).toHaveLength(1);
  });

  test('that is missing in an older exchange is not made up', async () => {
    const messages = [...history(made({})), { role: 'user', content: 'Thanks.' }];
    await goOn('whole', messages);
    expect(sent(1)).toEqual([undefined]);
  });
});

describe.each(modes)('with SIGNATURES_IN_IDS, %s, a conversation of bare fields', (mode) => {
  const isolateWith = (vars: Record<string, string>): Promise<Rondo> =>
    startRondo({ vars: { ...google.vars(), ...vars } });
  const roundOfAnother = async (vars: Record<string, string>): Promise<void> => {
    google = await startGoogle();
    google.add('service_account');
    rondo = await isolateWith(vars);
    const one = await callRound(mode, [user]);
    rondo = await isolateWith(vars);
    const two = await callRound(mode, bare(one));
    rondo = await isolateWith(vars);
    await goOn(mode, bare(two));
  };

  test('goes on in another isolate with the signatures that Google gave', async () => {
    await roundOfAnother({ SIGNATURES_IN_IDS: 'true' });
    for (const signature of [sent(1)[0], sent(3)[0]]) {
      expect(signature).toMatch(/.{40}/);
      expect(signature).not.toBe(dummy);
    }
    const call = partsOf(google, 1)[0]?.functionCall as JsonObject;
    expect(call.id).toMatch(/^[A-Za-z0-9_-]{1,40}$/);
    expect(call.id).not.toContain('__thought__');
    expect(callsOf(google)).toHaveLength(3);
  });

  test('would have lost them without it', async () => {
    await roundOfAnother({});
    expect(sent(1)[0]).toBe(dummy);
  });
});

describe('an open loop of calls', () => {
  const credentialsOf = async (mode: Mode): Promise<unknown[]> => {
    google.reset();
    const one = await callRound(mode, bare([user]));
    const two = await callRound(mode, bare(one));
    await goOn(mode, bare(two));
    return served(google);
  };

  test('stays on its credential, while others take turns', async () => {
    await begin('service_account', 'service_account', 'service_account');
    const seen = new Set<unknown>();
    for (const mode of [...modes, ...modes]) {
      const credentials = await credentialsOf(mode);
      expect(credentials).toHaveLength(3);
      expect(new Set(credentials).size).toBe(1);
      seen.add(credentials[0]);
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  test('goes on elsewhere when its credential is dead', async () => {
    await begin('service_account', 'service_account');
    const one = await callRound('whole', bare([user]));
    google.suspend(served(google)[0] ?? '');
    const completion = await goOn('whole', bare(one));
    expect(callsIn(completion).map((call) => call.function.name)).toEqual(['notify']);
  });
});

describe('an image that was made', () => {
  test.each(modes)('has its signature beside it, %s, and gives it back', async (mode) => {
    const inlineData = { mimeType: 'image/png', data: 'iVBORw0KGgo=' };
    const imageModel = 'gemini-3.1-flash-image';
    answer(google, [said([{ inlineData, thoughtSignature: 'c2lnbmVk' }], stop)]);
    const { message } = choiceOf(await tell(rondo, mode, ask('Draw.', { model: imageModel })));
    expect(message.images).toMatchObject([
      { extra_content: { google: { thought_signature: 'c2lnbmVk' } } },
    ]);
    const messages = [
      { role: 'user', content: 'Draw.' },
      { role: 'assistant', ...message },
      { role: 'user', content: 'Again.' },
    ];
    answer(google, [said([{ text: 'Ok' }], stop)]);
    // It is none of the stub's, which therefore wants the dummy on the second try.
    // Nor does it take tools.
    await tell(rondo, mode, { model: imageModel, messages });
    const bodies = callsOf(google).map(({ body }) => JSON.stringify(body));
    expect(bodies[1]).toContain('"thoughtSignature":"c2lnbmVk"');
    expect(partsOf(google, 1)).toMatchObject([{ inlineData }]);
  });
});
