// Models that stand in for others.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FaultKind } from '../../scripts/googlestub/faults.ts';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { ask, askTimes, callsOf, failed, lastRequest, model, otherModel } from '../support/chat.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';
import { choiceOf, modes, tell } from '../support/told.ts';

const third = 'gemini-3.5-flash';

let google: GoogleStub;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccounts(2);
});

beforeEach(() => google.reset());

type Fallbacks = Readonly<Record<string, string | string[]>>;

const start = (fallbacks: Fallbacks, vars: Record<string, string> = {}): Promise<Rondo> =>
  startRondo({ vars: { ...google.vars(), MODEL_FALLBACKS: JSON.stringify(fallbacks), ...vars } });

/** The models that Google was asked for, in order. */
const asked = (): (string | null)[] => callsOf(google).map((call) => call.model);

describe.each(modes)('a model stands in, %s,', (mode) => {
  const unserved: FaultKind[] = [
    'no-details',
    'minute',
    'day',
    'forbidden',
    'not-found',
    'unavailable',
  ];

  test.for(unserved)('when the pool cannot serve: "%s"', async (kind) => {
    const rondo = await start({ [model]: [otherModel] });
    google.fault({ model }, kind, 9);
    const answer = await tell(rondo, mode, ask());
    expect(choiceOf(answer).message.content).toBe('You said: Hello');
    expect(answer.headers.get('x-rondo-model')).toBe(otherModel);
    expect(asked().at(-1)).toBe(otherModel);
    expect(Number(answer.headers.get('x-rondo-attempts'))).toBe(asked().length);
  });

  test('and only the header tells so', async () => {
    const rondo = await start({ [model]: [otherModel] });
    google.fault({ model }, 'no-details', 9);
    const answer = await rondo.chat(ask('Hello', { stream: mode === 'streamed' }));
    const text = await answer.text();
    expect(answer.headers.get('x-rondo-model')).toBe(otherModel);
    expect(text).toContain(`"model":"${model}"`);
    expect(text).not.toContain(otherModel);
  });

  test('at once while it is known that the asked one cannot be had', async () => {
    const rondo = await start({ [model]: [otherModel] });
    google.fault({ model }, 'day', 2);
    await tell(rondo, mode, ask());
    const answer = await tell(rondo, mode, ask());
    expect(answer.headers.get('x-rondo-attempts')).toBe('1');
    expect(asked()).toEqual([model, model, otherModel, otherModel]);
  });
});

describe('the models that may stand in', () => {
  test('are tried in their order', async () => {
    const rondo = await start({ [model]: [otherModel, third] });
    google.fault({ model }, 'no-details', 2);
    google.fault({ model: otherModel }, 'no-details', 2);
    const answer = await rondo.chat(ask());
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-rondo-model')).toBe(third);
    expect(asked()).toEqual([model, model, otherModel, otherModel, third]);
  });

  test('are told in the log, a line for each turn to one', async () => {
    const rondo = await start({ [model]: [otherModel, third] });
    google.fault({ model }, 'no-details', 2);
    google.fault({ model: otherModel }, 'no-details', 2);
    await askTimes(rondo, 1);
    await expect
      .poll(() => rondo.events('model_fallback').map(({ from, to }) => [from, to]))
      .toEqual([
        [model, otherModel],
        [otherModel, third],
      ]);
  });

  test('leave the error of the asked one when none of them serves', async () => {
    const rondo = await start({ [model]: otherModel });
    google.fault({ model }, 'day', 2);
    google.fault({ model: otherModel }, 'no-details', 2);
    const { status, error } = await failed(rondo.chat(ask()));
    expect(status).toBe(429);
    expect(error.code).toBe('insufficient_quota');
    expect(error.message).toContain(model);
    expect(asked()).toEqual([model, model, otherModel, otherModel]);
  });

  test('have none that stand in for them', async () => {
    const rondo = await start({ [model]: otherModel, [otherModel]: third });
    google.fault({ model }, 'no-details', 2);
    google.fault({ model: otherModel }, 'no-details', 2);
    expect((await failed(rondo.chat(ask()))).status).toBe(503);
    expect(asked()).toEqual([model, model, otherModel, otherModel]);
  });

  test('are sought under the name that the client used, and may be aliases', async () => {
    const aliases = { MODEL_ALIASES: JSON.stringify({ 'gpt-5': model, spare: otherModel }) };
    const rondo = await start({ 'gpt-5': 'spare' }, aliases);
    google.fault({ model }, 'no-details', 2);
    const answer = await rondo.chat(ask('Hello', { model: 'gpt-5' }));
    expect(answer.headers.get('x-rondo-model')).toBe(otherModel);
    expect(((await answer.json()) as JsonObject).model).toBe('gpt-5');
  });

  test('get a request of their own family', async () => {
    const rondo = await start({ [model]: otherModel });
    google.fault({ model }, 'no-details', 2);
    await askTimes(rondo, 1, ask('Hello', { reasoning_effort: 'low', temperature: 0.5 }));
    const [before, , after] = callsOf(google).map(({ body }) => body as JsonObject);
    expect(JSON.stringify(before)).toContain('thinkingLevel');
    expect(JSON.stringify(before)).not.toContain('temperature');
    expect(JSON.stringify(after)).toContain('thinkingBudget');
    expect(lastRequest(google).generationConfig).toMatchObject({ temperature: 0.5 });
  });
});

describe('no model stands in', () => {
  test('while the asked one serves, if only through another credential', async () => {
    const rondo = await start({ [model]: otherModel });
    google.fault({ model }, 'minute');
    const answer = await rondo.chat(ask());
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-rondo-model')).toBe(model);
    expect(asked()).toEqual([model, model]);
  });

  test.for(['off', ' OFF '])('when the request says x-rondo-fallback: "%s"', async (word) => {
    const rondo = await start({ [model]: otherModel });
    google.fault({ model }, 'no-details', 2);
    const headers = { 'content-type': 'application/json', 'x-rondo-fallback': word };
    const { status, ...answer } = await failed(rondo.chat(ask(), { headers }));
    expect(status).toBe(503);
    expect(answer.headers.get('x-rondo-model')).toBe(model);
    expect(asked()).toEqual([model, model]);
  });

  test.for(['invalid', 'signature'] as const)('for a fault of the request: "%s"', async (kind) => {
    const rondo = await start({ [model]: otherModel });
    google.fault({ model }, kind, 9);
    expect((await failed(rondo.chat(ask()))).status).toBe(400);
    expect(new Set(asked())).toEqual(new Set([model]));
  });

  test("that the client's key does not cover, and the next that it does cover is taken", async () => {
    const keys = (...models: string[]) => ({
      CLIENT_API_KEYS: JSON.stringify([{ key: clientKey, models }]),
    });
    const narrow = await start({ [model]: otherModel }, keys(model));
    google.fault({ model }, 'no-details', 2);
    expect((await failed(narrow.chat(ask()))).status).toBe(503);
    expect(asked()).toEqual([model, model]);
    const wider = await start({ [model]: [otherModel, third] }, keys(model, third));
    google.fault({ model }, 'no-details', 2);
    await askTimes(wider, 1);
    expect(asked()).toEqual([model, model, model, model, third]);
  });

  test('once a stream has begun', async () => {
    const rondo = await start({ [model]: otherModel });
    google.fault({ model }, { kind: 'stream-error', after: 1, error: 'no-details' });
    const answer = await rondo.chat(ask('Hello, world', { stream: true }));
    expect(await answer.text()).toContain('"error"');
    expect(asked()).toEqual([model]);
  });
});
