// What one client asks for, and what it costs the others: nothing.
import { beforeEach, describe, expect, test } from 'vitest';
import type { FaultKind } from '../../scripts/googlestub/faults.ts';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import {
  ask,
  askTimes,
  callsOf,
  eventsOf,
  failed,
  lastRequest,
  otherModel,
  served,
  told,
} from '../support/chat.ts';
import { TextReader } from '../support/client.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;

const [one, two, three] = ['sim-account-1', 'sim-account-2', 'sim-account-3'] as const;

async function startWith(vars: Record<string, string> = {}): Promise<void> {
  google = await startGoogle();
  google.addServiceAccounts(3);
  rondo = await startRondo({ vars: { ...google.vars(), ...vars } });
}

const picture = (url: string) => ({
  ...ask(),
  messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
});
const cache = { ...ask(), google: { cached_content: 'cachedContents/theirs' } };

/** All three serve, the next one first. */
async function expectNothingCools(first: number): Promise<void> {
  const before = callsOf(google).length;
  await askTimes(rondo, 3);
  const order = [one, two, three];
  const turned = [...order.slice(first), ...order.slice(0, first)];
  expect(served(google).slice(before)).toEqual(turned);
  for (const name of ['credential_cooling', 'credential_quarantined', 'model_resting']) {
    expect(rondo.events(name), name).toEqual([]);
  }
}

describe('content that our credentials may not read', () => {
  beforeEach(() => startWith());

  test.for([
    ['a bucket of somebody else', 'bucket-denied'],
    ['the same by its reason alone', 'bucket-denied-bare'],
    ['a cache of another project', 'cache-denied'],
    ['its use', 'cache-use-denied'],
    ['a file of another key', 'file-denied'],
    ['an endpoint of another project', 'endpoint-denied'],
    ['a denial without a reason', 'forbidden'],
  ] as [string, FaultKind][])('%s is a 4xx to who names it, and cools nobody', async ([, kind]) => {
    google.fault({}, kind, 9);
    const { status, error } = await failed(rondo.chat(picture('gs://theirs/a.png')));
    expect(status).toBe(403);
    expect(error.code).toBe('content_not_accessible');
    expect(callsOf(google)).toHaveLength(1);
    google.reset();
    await expectNothingCools(1);
  });

  test('is refused by the stand-in itself, and cools nobody', async () => {
    const { status } = await failed(rondo.chat(picture('gs://theirs/a.png')));
    expect(status).toBe(403);
    await expectNothingCools(1);
  });
});

describe('words of a client that Google repeats', () => {
  test.for([
    'image/api key not valid',
    'image/x your project has been denied access',
    'image/no capacity available',
  ])('take no credential out: %s', async (type) => {
    await startWith();
    const { status } = await failed(rondo.chat(picture(`data:${type};base64,iVBORw0KGgo=`)));
    expect(status).toBe(400);
    expect(callsOf(google)).toHaveLength(1);
    await expectNothingCools(1);
  });
});

describe('STORED_CONTENT', () => {
  test('narrows what may be named, without a call', async () => {
    await startWith({ STORED_CONTENT: 'gs://ours/' });
    google.give('sim-project-1', 'gs://ours/');
    for (const body of [picture('gs://theirs/a.png'), cache]) {
      const { status, error } = await failed(rondo.chat(body));
      expect(status).toBe(403);
      expect(error.code).toBe('stored_content_not_allowed');
    }
    expect(callsOf(google)).toHaveLength(0);
    expect(await told(rondo.chat(picture('gs://ours/a.png')))).toBeTruthy();
  });
});

describe("one client's mistake", () => {
  beforeEach(() => startWith());

  const tool = (parameters: object) => ({
    tools: [{ type: 'function', function: { name: 'f', parameters } }],
  });
  const good = { type: 'object', properties: { a: { type: 'string', pattern: '^x$' } } };

  test('in a schema is mended for that request alone, and told as `schema`', async () => {
    const message = 'reference to undefined schema at properties.temperature';
    google.fault({}, { kind: 'says', message });
    const answer = await rondo.chat(ask('Hello', tool(good)));
    expect(answer.headers.get('x-rondo-adjusted')).toBe('schema');
    await answer.text();
    expect(JSON.stringify(lastRequest(google))).not.toContain('parametersJsonSchema');
    expect(served(google)).toEqual([one, one]);
    await askTimes(rondo, 1, ask('Hello', tool(good)));
    expect(JSON.stringify(lastRequest(google))).toContain('parametersJsonSchema');
  });

  test('that names a setting takes it from nobody', async () => {
    google.fault(
      {},
      { kind: 'says', message: 'value for properties at properties.temperature' },
      2,
    );
    await rondo.chat(ask('Hello', { model: otherModel, temperature: 0.5, ...tool(good) }));
    await askTimes(rondo, 1, ask('Hello', { model: otherModel, temperature: 0.5 }));
    expect(lastRequest(google)).toHaveProperty('generationConfig.temperature', 0.5);
  });
});

test('of three requests at once that the model refuses for a setting, all are mended', async () => {
  await startWith();
  google.refuse({
    model: otherModel,
    field: 'generationConfig.temperature',
    message: 'temperature is not supported by this model',
  });
  await askTimes(rondo, 3);
  const all = [1, 2, 3].map(() =>
    told(rondo.chat(ask('Hello', { model: otherModel, temperature: 0.5 }))),
  );
  expect(await Promise.all(all)).toEqual(Array(3).fill('You said: Hello'));
});

describe('a back-end that accepts a call and says nothing', () => {
  const start = async (vars: Record<string, string>): Promise<void> => {
    await startWith(vars);
    await rondo.stopClock();
  };

  /** Moves the time on once a call lies there unanswered. */
  const passSilence = async (ms: number): Promise<void> => {
    await expect.poll(() => callsOf(google).at(-1)?.fault).toBe('silent');
    await rondo.advance(ms);
  };

  test('is given up, and the next credential answers', async () => {
    await start({ FIRST_BYTE_TIMEOUT_MS: '300' });
    await askTimes(rondo, 3);
    google.fault({ credential: one }, 'silent');
    const answered = told(rondo.chat(ask()));
    await passSilence(300);
    expect(await answered).toBe('You said: Hello');
    expect(served(google).slice(3)).toEqual([one, two]);
  });

  test('is a 504 when nobody is left', async () => {
    await start({ FIRST_BYTE_TIMEOUT_MS: '300', MAX_ATTEMPTS: '1' });
    google.fault({}, 'silent');
    const refused = failed(rondo.chat(ask()));
    await passSilence(300);
    const { status, error } = await refused;
    expect(status).toBe(504);
    expect(error.code).toBe('upstream_timeout');
  });

  test('in the middle of a stream ends it with an error event', async () => {
    await start({ IDLE_TIMEOUT_MS: '300' });
    google.fault({}, { kind: 'silent', after: 1 });
    const answer = await rondo.chat(ask('Hello there, you', { stream: true }));
    await rondo.advance(300);
    const events = await eventsOf(answer);
    expect(events.at(-1)).toContain('upstream_timeout');
    expect(events.join()).not.toContain('[DONE]');
  });

  test('does not leave a stream silent: comments keep it alive', async () => {
    await start({ FIRST_BYTE_TIMEOUT_MS: '900', KEEPALIVE_MS: '200' });
    await askTimes(rondo, 3);
    google.fault({ credential: one }, 'silent');
    const answered = rondo.chat(ask('Hello', { stream: true }));
    await passSilence(200);
    const answer = await answered;
    expect(answer.status).toBe(200);
    const reader = new TextReader(answer);
    await reader.readUntil(': keep-alive');
    await rondo.advance(200);
    await reader.readUntil(': keep-alive\n\n: keep-alive');
    await rondo.advance(500);
    const text = await reader.readUntil('[DONE]\n\n');
    expect(text).toMatch(/^: keep-alive\n\n(: keep-alive\n\n)+data: /);
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
  });
});

test('a stream that has begun holds nothing of its request any more', async () => {
  // That the client leaves shows in the next comment.
  await startWith({ KEEPALIVE_MS: '50' });
  google.fault({}, { kind: 'silent', after: 1 });
  const answer = await rondo.chat(
    ask('Hello there, you', { stream: true, x: 'x'.repeat(100_000) }),
  );
  const reader = new TextReader(answer);
  // Comments may come before the first event.
  await reader.readUntil('data:');
  expect((await rondo.state()).bodyBytes).toBe(0);
  await reader.cancel();
});

test("a model's name is bounded, trimmed and the same in each spelling", async () => {
  await startWith();
  const { status, error } = await failed(rondo.chat(ask('Hello', { model: 'm'.repeat(257) })));
  expect(status).toBe(400);
  expect(error.param).toBe('model');
  google.fault({}, 'minute', 3);
  await failed(rondo.chat(ask()));
  for (const spelling of [
    ' gemini-3.8-flash ',
    'models/gemini-3.8-flash',
    'gemini-3.8-flash(low)',
  ]) {
    const again = await failed(rondo.chat(ask('Hello', { model: spelling })));
    expect(again.status).toBe(429);
  }
  expect(callsOf(google)).toHaveLength(3);
});
