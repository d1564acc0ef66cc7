// What a client key may use, by the minute and by the day, in each dialect.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { ask, callsOf, eventsOf, failed, model, told } from '../support/chat.ts';
import { form, media } from '../support/media.ts';
import { clientKey, type Rondo, startGoogle, startPair, startRondo } from '../support/rondo.ts';

let google: GoogleStub;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccount();
});

beforeEach(() => google.reset());

const minute = 60_000;
const day = 24 * 60 * minute;

const varsWith = (limits: Record<string, number>) => ({
  ...google.vars(),
  CLIENT_API_KEYS: [{ name: 'me', key: clientKey, limits }],
});

/** A Rondo whose clock stands still, so that no minute ends by itself. */
async function startWith(limits: Record<string, number>, pool = false): Promise<Rondo> {
  const rondo = await startRondo({ vars: varsWith(limits), pool });
  await rondo.stopClock();
  return rondo;
}

const dialects = {
  'chat completions': ['/v1/chat/completions', { ...ask() }],
  responses: ['/v1/responses', { model, input: 'Hello', store: false }],
  messages: [
    '/v1/messages',
    { model, max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] },
  ],
} as const;
type DialectName = keyof typeof dialects;
const names = Object.keys(dialects) as DialectName[];

const send = (rondo: Rondo, name: DialectName): Promise<Response> => {
  const [path, body] = dialects[name];
  const headers = { 'content-type': 'application/json' };
  return rondo.fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
};

const limitsIn = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([field]) => field.startsWith('x-ratelimit-')));

describe.each(names)('in %s, a key', (name) => {
  test('that has used up its requests is refused, and told when it may come back', async () => {
    const rondo = await startWith({ requests_per_minute: 2 });
    const answers = [await send(rondo, name), await send(rondo, name)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.map((answer) => limitsIn(answer)['x-ratelimit-remaining-requests'])).toEqual([
      '1',
      '0',
    ]);
    await Promise.all(answers.map((answer) => answer.text()));
    const calls = callsOf(google).length;
    const refused = await send(rondo, name);
    expect(refused.status).toBe(429);
    expect(limitsIn(refused)).toMatchObject({ 'x-ratelimit-limit-requests': '2' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    const { error } = (await refused.json()) as { error: object };
    expect(error).toMatchObject(
      name === 'messages'
        ? { type: 'rate_limit_error', message: expect.stringContaining('2 requests per minute') }
        : { type: 'requests', code: 'rate_limit_exceeded', param: null },
    );
    expect(callsOf(google)).toHaveLength(calls);
    await rondo.advance(minute);
    expect((await send(rondo, name)).status).toBe(200);
  });

  test('that has used up its tokens is refused until the day is over', async () => {
    const rondo = await startWith({ tokens_per_day: 1 });
    const answer = await send(rondo, name);
    expect(answer.status).toBe(200);
    expect(limitsIn(answer)).toMatchObject({ 'x-ratelimit-limit-tokens': '1' });
    await answer.text();
    const refused = await send(rondo, name);
    expect(refused.status).toBe(429);
    expect(limitsIn(refused)).toMatchObject({ 'x-ratelimit-remaining-tokens': '0' });
    const { error } = (await refused.json()) as { error: object };
    expect(error).toMatchObject({ type: name === 'messages' ? 'rate_limit_error' : 'tokens' });
    await rondo.advance(day);
    // Google's time has not gone on, so a token would be refused: this asks for nothing of Google's.
    const tomorrow = await rondo.fetch('/v1/none');
    expect(tomorrow.status).toBe(404);
    expect(limitsIn(tomorrow)).toMatchObject({ 'x-ratelimit-remaining-tokens': '1' });
  });
});

describe.for(media)('at %s, a key', ([path, , init, tells]) => {
  test('that has used up its requests is refused without a call', async () => {
    const rondo = await startWith({ requests_per_minute: 1 });
    expect((await rondo.fetch(path, init())).status).toBe(200);
    const calls = google.calls.length;
    const { status, error } = await failed(rondo.fetch(path, init()));
    expect(status).toBe(429);
    expect(error).toMatchObject({ type: 'requests', code: 'rate_limit_exceeded' });
    expect(google.calls).toHaveLength(calls);
  });

  test('is charged for what the answer cost', async () => {
    const rondo = await startWith({ tokens_per_day: 10_000 });
    const answer = await rondo.fetch(path, init());
    expect(answer.status).toBe(200);
    const text = await answer.text();
    const { headers } = await rondo.fetch('/v1/models');
    const left = Number(headers.get('x-ratelimit-remaining-tokens'));
    expect(left).toBeLessThan(10_000);
    if (!tells) return;
    const { usage } = JSON.parse(text) as { usage: { total_tokens: number } };
    expect(left).toBe(10_000 - usage.total_tokens);
  });
});

describe('files of a key', () => {
  const kept = () => ({ ...form({ purpose: 'user_data', file: new File(['%PDF-1.7'], 'a.pdf') }) });

  test.for([
    ['POST', kept],
    ['GET', () => ({})],
  ] as const)('that has used up its requests are refused without a call (%s)', async ([, init]) => {
    google.addApiKey();
    const rondo = await startWith({ requests_per_day: 1 });
    expect((await rondo.fetch('/v1/files', init())).status).toBe(200);
    const calls = google.calls.length;
    expect((await failed(rondo.fetch('/v1/files', init()))).status).toBe(429);
    expect(google.calls).toHaveLength(calls);
  });
});

test('the tokens of a stream count as those of a whole answer do', async () => {
  const rondo = await startWith({ tokens_per_day: 1000 });
  const whole = (await (await rondo.chat(ask())).json()) as { usage: { total_tokens: number } };
  const before = 1000 - whole.usage.total_tokens;
  const streamed = await rondo.chat(ask('Hello', { stream: true }));
  expect(limitsIn(streamed)['x-ratelimit-remaining-tokens']).toBe(String(before));
  await eventsOf(streamed);
  const after = limitsIn(await rondo.fetch('/v1/models'))['x-ratelimit-remaining-tokens'];
  expect(Number(after)).toBe(before - whole.usage.total_tokens);
});

test('a key without limits is told of none', async () => {
  const rondo = await startRondo({ vars: google.vars() });
  expect(limitsIn(await rondo.chat(ask()))).toEqual({});
  expect(rondo.events('limits_of_isolate')).toEqual([]);
});

test('an isolate that counts for itself says so once', async () => {
  const rondo = await startWith({ requests_per_day: 5 });
  for (let time = 0; time < 2; time += 1)
    expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
  await expect.poll(() => rondo.events('limits_of_isolate')).toHaveLength(1);
});

test('the SDK of OpenAI raises its RateLimitError', async () => {
  const rondo = await startWith({ requests_per_day: 1 });
  await rondo.openai.chat.completions.create(ask());
  await expect(rondo.openai.chat.completions.create(ask())).rejects.toMatchObject({
    status: 429,
    code: 'rate_limit_exceeded',
    type: 'requests',
  });
});

describe('two isolates', () => {
  const startTwo = (limits: Record<string, number>, pool: boolean) =>
    startPair({ vars: varsWith(limits), pool });

  test('with the object share one limit', async () => {
    const [first, second] = await startTwo({ requests_per_day: 3 }, true);
    const statuses: number[] = [];
    for (const rondo of [first, second, first, second, first]) {
      statuses.push(await statusOf(rondo.chat(ask())));
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect(first.events('limits_of_isolate')).toEqual([]);
  });

  test('with the object know what answers of the other have cost', async () => {
    const [first, second] = await startTwo({ tokens_per_day: 1 }, true);
    expect(await told(first.chat(ask()))).toBe('You said: Hello');
    const isSpent = async () => {
      const found = (await first.pool('admit', 'me', {}, Date.now())) as {
        tally: { used: { tokens_per_day: number } };
      };
      return found.tally.used.tokens_per_day > 0;
    };
    await expect.poll(isSpent).toBe(true);
    expect((await failed(second.chat(ask()))).status).toBe(429);
  });

  test('without it count each for itself', async () => {
    const [first, second] = await startTwo({ requests_per_day: 1 }, false);
    for (const rondo of [first, second]) {
      expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
      expect((await failed(rondo.chat(ask()))).status).toBe(429);
    }
  });
});

async function statusOf(asked: Promise<Response>): Promise<number> {
  const answer = await asked;
  await answer.text();
  return answer.status;
}
