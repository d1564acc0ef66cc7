// CONTEXT_CACHE=auto: explicit caches of Google's for conversations that go on.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { callsOf, model } from '../support/chat.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;

const vars = () => ({ ...google.vars(), CONTEXT_CACHE: 'auto' });

beforeEach(async () => {
  google = await startGoogle();
});

afterEach(() => google.reset());

/** Some 2,500 tokens. */
const rules = 'Answer in the words of the question. '.repeat(270);
const tools = [{ type: 'function', function: { name: 'look_up', parameters: { type: 'object' } } }];

type Message = { role: string; content: string };

/** The turns before the question number `turn`, and that. */
const messagesUpTo = (turn: number, text = 'Question'): Message[] => [
  { role: 'system', content: rules },
  ...Array.from({ length: turn }, (_, index) => [
    { role: 'user', content: `${text} ${index}` },
    { role: 'assistant', content: `Answer ${index}` },
  ]).flat(),
  { role: 'user', content: `${text} ${turn}` },
];

interface Said {
  readonly cache: string | null;
  readonly adjusted: string | null;
  readonly credential: string | null;
  readonly text: string;
  readonly cached: number;
}

const say = async (messages: readonly Message[], more: object = {}, by = rondo): Promise<Said> => {
  const answer = await by.chat({ model, messages, ...more });
  expect(answer.status).toBe(200);
  const told = (await answer.json()) as {
    choices: { message: { content: string } }[];
    usage: { prompt_tokens_details: { cached_tokens: number } };
  };
  return {
    cache: answer.headers.get('x-rondo-cache'),
    adjusted: answer.headers.get('x-rondo-adjusted'),
    credential: answer.headers.get('x-rondo-credential'),
    text: told.choices[0]?.message.content ?? '',
    cached: told.usage.prompt_tokens_details.cached_tokens,
  };
};

const made = () => google.calls.filter(({ kind, verb }) => kind === 'resource' && verb === 'POST');
const lastSent = (): JsonObject => callsOf(google).at(-1)?.body as JsonObject;

/** Two turns, after which a cache has been made. */
const begin = async (): Promise<void> => {
  await say(messagesUpTo(0));
  const second = await say(messagesUpTo(1));
  expect(second.cache).toBe('making');
  await expect.poll(() => rondo.events('context_cache_made')).toHaveLength(1);
};

describe.each(['service_account', 'api_key'] as const)(
  'a conversation through a credential of the kind %s',
  (kind) => {
    beforeEach(async () => {
      google.add(kind);
      rondo = await startRondo({ vars: vars() });
    });

    test('gets a cache when its beginning comes again, and refers to it from then on', async () => {
      expect((await say(messagesUpTo(0))).cache).toBeNull();
      expect(made()).toHaveLength(0);
      expect((await say(messagesUpTo(1))).cache).toBe('making');
      await expect.poll(() => rondo.events('context_cache_made')).toHaveLength(1);
      const third = await say(messagesUpTo(2));
      expect(third).toMatchObject({ cache: 'used', text: 'You said: Question 2' });
      expect(third.cached).toBeGreaterThan(2000);
      expect(lastSent()).not.toHaveProperty('systemInstruction');
      expect(lastSent().cachedContent).toMatch(/cachedContents\/r\d+$/);
      expect(made()).toHaveLength(1);
    });

    test('that is smaller than Google says caches are gets one once it is as long', async () => {
      google.changeModel(model, { cached: 4096 });
      await say(messagesUpTo(0));
      expect((await say(messagesUpTo(1))).cache).toBe('making');
      await expect.poll(() => rondo.events('context_cache_refused')).toHaveLength(1);
      expect((await say(messagesUpTo(2))).cache).toBeNull();
      const longer = (turn: number) => messagesUpTo(turn, rules);
      await say(longer(1));
      expect((await say(longer(2))).cache).toBe('making');
      await expect.poll(() => rondo.events('context_cache_made')).toHaveLength(1);
    });

    test('tells a cache for five minutes what it is', async () => {
      await begin();
      const body = made()[0]?.body as JsonObject;
      expect(body.ttl).toBe('300s');
      expect(body.model).toMatch(
        kind === 'api_key'
          ? /^models\//
          : /^projects\/.*\/locations\/global\/publishers\/google\/models\//,
      );
      expect(JSON.stringify(body.systemInstruction)).toContain('words of the question');
    });
  },
);

describe('a cache', () => {
  beforeEach(async () => {
    google.add('service_account');
    rondo = await startRondo({ vars: vars() });
  });

  test('holds tools, which Google takes beside none', async () => {
    await say(messagesUpTo(0), { tools });
    await say(messagesUpTo(1), { tools });
    await expect.poll(() => rondo.events('context_cache_made')).toHaveLength(1);
    expect(await say(messagesUpTo(2), { tools })).toMatchObject({ cache: 'used' });
    expect(lastSent()).not.toHaveProperty('tools');
    expect(made()[0]?.body).toHaveProperty('tools');
  });

  test('serves streams as well', async () => {
    await begin();
    const answer = await rondo.chat({ model, messages: messagesUpTo(2), stream: true });
    expect(answer.headers.get('x-rondo-cache')).toBe('used');
    expect(await answer.text()).toContain('data: [DONE]');
  });

  test('is not used by a conversation that begins otherwise, nor with other settings', async () => {
    await begin();
    expect(
      (await say([{ role: 'system', content: `${rules}!` }, ...messagesUpTo(2).slice(1)])).cache,
    ).toBeNull();
    expect((await say(messagesUpTo(2), { tools })).cache).toBeNull();
  });

  test('that Google lost is gone without, and told', async () => {
    await begin();
    google.loseCaches();
    const said = await say(messagesUpTo(2));
    expect(said).toMatchObject({
      cache: null,
      adjusted: 'context_cache',
      text: 'You said: Question 2',
    });
    expect(callsOf(google).at(-1)?.body).toHaveProperty('systemInstruction');
    // And is not tried again at once.
    const count = google.calls.length;
    expect(await say(messagesUpTo(3))).toMatchObject({ cache: null, adjusted: null });
    expect(google.calls.length).toBe(count + 1);
  });

  test('that Google says has expired is gone without, and told', async () => {
    await begin();
    google.advance(300_000);
    expect(await say(messagesUpTo(2))).toMatchObject({
      cache: null,
      adjusted: 'context_cache',
      text: 'You said: Question 2',
    });
  });

  test('that is about to end is used no more', async () => {
    await begin();
    google.advance(290_000);
    await rondo.advance(290_000);
    expect((await say(messagesUpTo(2))).cache).not.toContain('used');
  });

  test('is not made twice of what doesn’t grow', async () => {
    await begin();
    for (const turn of [2, 3, 4, 5]) await say(messagesUpTo(turn));
    expect(made()).toHaveLength(1);
  });

  test('is not made of what is small', async () => {
    const short = (turn: number) => messagesUpTo(turn).slice(1);
    for (const turn of [0, 1, 2]) expect((await say(short(turn))).cache).toBeNull();
    expect(made()).toHaveLength(0);
  });

  test('that the client names itself stands alone', async () => {
    const { project } = google.accounts[0] ?? { project: '' };
    const cached_content = `projects/${project}/locations/global/cachedContents/theirs`;
    google.give(project, cached_content);
    for (const turn of [0, 1, 2]) {
      const answer = await rondo.chat({
        model,
        messages: messagesUpTo(turn).slice(1),
        google: { cached_content },
      });
      expect(answer.status).toBe(200);
      await answer.text();
      expect(answer.headers.get('x-rondo-cache')).toBeNull();
    }
    expect(made()).toHaveLength(0);
  });
});

describe('a key that has no caches', () => {
  test('is asked for one once an hour, and serves as before', async () => {
    google.add('api_key');
    google.fault({ kind: 'resource' }, 'cache-storage', 9);
    rondo = await startRondo({ vars: vars() });
    for (const turn of [0, 1, 2, 3]) {
      expect((await say(messagesUpTo(turn))).text).toBe(`You said: Question ${turn}`);
    }
    await expect.poll(() => rondo.events('context_cache_refused')).toHaveLength(1);
    expect(made()).toHaveLength(1);
    // It cools nobody: it was the cache that was refused.
    expect(rondo.events('credential_cooling')).toEqual([]);
  });
});

describe('several credentials', () => {
  beforeEach(async () => {
    google.add('service_account');
    google.add('service_account');
    rondo = await startRondo({
      vars: {
        ...vars(),
        CLIENT_API_KEYS: [
          { name: 'me', key: clientKey },
          { name: 'you', key: 'sk-another-client-0001' },
        ],
      },
    });
  });

  test('keep a conversation with the one that saw it', async () => {
    const credentials = new Set<string | null>();
    for (const turn of [0, 1, 2, 3]) credentials.add((await say(messagesUpTo(turn))).credential);
    expect(credentials.size).toBe(1);
  });

  test('share no cache among clients', async () => {
    await begin();
    const answer = await rondo.fetchBare('/v1/chat/completions', {
      method: 'POST',
      headers: {
        authorization: 'Bearer sk-another-client-0001',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ model, messages: messagesUpTo(2) }),
    });
    await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-rondo-cache')).toBeNull();
  });
});

describe('without CONTEXT_CACHE', () => {
  test('nothing is cached', async () => {
    google.add('service_account');
    rondo = await startRondo({ vars: google.vars() });
    for (const turn of [0, 1, 2]) expect((await say(messagesUpTo(turn))).cache).toBeNull();
    expect(made()).toHaveLength(0);
  });
});
