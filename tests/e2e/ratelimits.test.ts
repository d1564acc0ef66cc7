import { RateLimitError } from 'openai';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FaultKind } from '../../scripts/googlestub/faults.ts';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { Model } from '../../scripts/googlestub/models.ts';
import { ask, askTimes, failed, served, told } from '../support/chat.ts';
import { media } from '../support/media.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

// Credentials take turns and cool model by model, so one pool does for many tests: each has a model
// that no other uses.
const models: Model[] = Array.from({ length: 60 }, (_, index) => ({
  id: `gemini-3.${100 + index}-flash`,
  task: 'generate',
}));

const one = 'sim-account-1';
const two = 'sim-account-2';
const three = 'sim-account-3';

let google: GoogleStub;
let rondo: Rondo;
let modelsUsed = 0;

const freshModel = (): string => models[modelsUsed++]?.id ?? '';
const of = (model: string, more: object = {}) => ask('Hello', { model, ...more });

beforeAll(async () => {
  google = await startGoogle({ models });
  google.addServiceAccounts(3);
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

describe('a credential that Google limits', () => {
  const shapes: FaultKind[] = [
    'minute',
    'day',
    'tokens-minute',
    'limit-zero',
    'no-details',
    'exhausted',
    'reset-time',
    'retry-after',
    'html-429',
  ];

  test.for(shapes)(
    'by a 429 of the shape "%s" is passed over, within the request and after',
    async (shape) => {
      const model = freshModel();
      google.fault({ credential: one }, shape);
      const answer = await rondo.chat(of(model));
      expect(answer.headers.get('x-rondo-attempts')).toBe('2');
      expect(await told(answer)).toBe('You said: Hello');
      await askTimes(rondo, 3, of(model));
      expect(served(google)).toEqual([one, two, three, two, three]);
    },
  );

  test.for([{ wrapped: true }, { nested: true }])(
    'is passed over when the error comes %o',
    async (how) => {
      const model = freshModel();
      google.fault({ credential: one }, { kind: 'minute', seconds: 90, ...how });
      await askTimes(rondo, 3, of(model));
      expect(served(google)).toEqual([one, two, three, two]);
    },
  );

  test('in a stream is passed over too', async () => {
    google.fault({ credential: one }, 'minute');
    const asked = { ...ask(), model: freshModel(), stream: true } as const;
    const stream = await rondo.openai.chat.completions.create(asked);
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe('You said: Hello');
    expect(served(google)).toEqual([one, two]);
  });

  test('serves other models as before', async () => {
    const [limited, other] = [freshModel(), freshModel()];
    google.fault({ credential: one, model: limited }, 'minute');
    await askTimes(rondo, 2, of(limited));
    await askTimes(rondo, 2, of(other));
    await askTimes(rondo, 1, of(limited));
    expect(served(google, { model: limited })).toEqual([one, two, three, two]);
    expect(served(google, { model: other })).toEqual([one, two]);
  });

  test('is taken again once its time is up', async () => {
    const model = freshModel();
    const fresh = await startRondo({ vars: google.vars() });
    await fresh.stopClock();
    google.fault({ credential: one }, { kind: 'minute', seconds: 90 });
    await askTimes(fresh, 3, of(model));
    expect(served(google)).toEqual([one, two, three, two]);
    await fresh.advance(89_999);
    await askTimes(fresh, 2, of(model));
    expect(served(google).slice(4)).toEqual([three, two]);
    await fresh.advance(1);
    await askTimes(fresh, 4, of(model));
    expect(served(google).slice(6)).toEqual([three, one, two, three]);
  });

  test('is written into the log with credential, model and reset', async () => {
    const model = freshModel();
    google.fault({ credential: one }, { kind: 'minute', seconds: 90 });
    await askTimes(rondo, 1, of(model));
    const told = rondo.events('credential_cooling').filter((event) => event.model === model);
    expect(told).toEqual([
      expect.objectContaining({
        level: 'warn',
        request: expect.stringMatching(/^req_/),
        credential: expect.stringMatching(/^[0-9a-f]{16}$/),
        reason: 'minute',
        until: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      }),
    ]);
  });
});

describe('a quota that models share', () => {
  test.for(['older-form', 'minute-shared'] as const)(
    'of the shape "%s" cools the credential for all of them',
    async (shape) => {
      const [spent, other] = [freshModel(), freshModel()];
      const fresh = await startRondo({ vars: google.vars() });
      google.fault({ credential: one }, shape);
      await askTimes(fresh, 1, of(spent));
      await askTimes(fresh, 2, of(other));
      expect(served(google, { model: other })).toEqual([two, three]);
    },
  );
});

describe('a model that Google has no room for', () => {
  test('in the shared pool is asked for through one other credential only', async () => {
    const model = freshModel();
    google.fault({ model }, 'no-details', 9);
    const { status, headers, error } = await failed(rondo.chat(of(model)));
    expect(status).toBe(503);
    expect(error).toMatchObject({ type: 'server_error', code: 'model_overloaded' });
    expect(headers.get('retry-after')).toBe('5');
    expect(await failed(rondo.chat(of(model)))).toMatchObject({ status: 503 });
    expect(served(google, { model })).toEqual([one, two]);
    await askTimes(rondo, 1, of(freshModel()));
  });
});

describe('a quota that is counted', () => {
  test('of two a minute lets six through three credentials, then none', async () => {
    // A minute that doesn't end while the test runs.
    const minute = Math.floor(Date.now() / 60_000) * 60_000;
    const counting = await startGoogle({ now: () => minute, quotas: { perMinute: 2 } });
    counting.addServiceAccounts(3);
    const fresh = await startRondo({ vars: counting.vars() });
    await askTimes(fresh, 6);
    expect(served(counting)).toEqual([one, two, three, one, two, three]);
    const { status } = await failed(fresh.chat(ask()));
    expect(status).toBe(429);
    expect(served(counting).slice(6)).toEqual([one, two, three]);
  });
});

describe('when all credentials cool', () => {
  /** A model for which the credentials rest 90, 40 and 60 seconds. */
  function limitedModel(): string {
    const model = freshModel();
    for (const [index, seconds] of [90, 40, 60].entries()) {
      const credential = `sim-account-${index + 1}`;
      google.fault({ credential, model }, { kind: 'minute', seconds });
    }
    return model;
  }

  async function coolingModel(): Promise<string> {
    const model = limitedModel();
    await failed(rondo.chat(of(model)));
    return model;
  }

  test('the answer is a 429 that tells the earliest reset', async () => {
    const model = limitedModel();
    const { status, headers, error } = await failed(rondo.chat(of(model)));
    expect(status).toBe(429);
    expect(error).toMatchObject({ type: 'requests', code: 'rate_limit_exceeded', param: null });
    expect(error.message).toContain(model);
    // The second credential's 40 s; a little of them is over.
    const ms = Number(headers.get('retry-after-ms'));
    expect(ms).toBeLessThanOrEqual(40_000);
    expect(ms).toBeGreaterThan(20_000);
    expect(headers.get('retry-after')).toBe(String(Math.ceil(ms / 1000)));
    expect(headers.get('x-rondo-attempts')).toBe('3');
  });

  test('each credential is accounted for', async () => {
    const { error } = await failed(rondo.chat(of(limitedModel())));
    expect(error.details).toHaveLength(3);
    expect(error.details).toContainEqual({
      credential: expect.stringMatching(/^[0-9a-f]{16}$/),
      state: 'cooling',
      reason: 'minute',
      until: expect.stringMatching(/Z$/),
    });
  });

  test('the next request is refused at once, without a call to Google', async () => {
    const model = await coolingModel();
    const calls = google.count();
    const { status, headers } = await failed(rondo.chat(of(model)));
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(google.count()).toBe(calls);
  });

  test('a stream is refused by status, before it begins', async () => {
    const model = await coolingModel();
    const { status, headers } = await failed(rondo.chat(of(model, { stream: true })));
    expect(status).toBe(429);
    expect(headers.get('content-type')).toBe('application/json');
  });

  test('the SDK raises its RateLimitError', async () => {
    const asked = rondo.openai.chat.completions.create({ ...ask(), model: limitedModel() });
    await expect(asked).rejects.toBeInstanceOf(RateLimitError);
    await expect(asked).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
  });

  test('another model is served', async () => {
    await coolingModel();
    await askTimes(rondo, 1, of(freshModel()));
  });

  test('for longer than SDKs believe, they are told not to come back', async () => {
    google.fault({}, { kind: 'reset-time', seconds: 7200 }, 3);
    const { headers, error } = await failed(rondo.chat(of(freshModel())));
    expect(error.code).toBe('insufficient_quota');
    expect(headers.get('x-should-retry')).toBe('false');
    expect(headers.get('retry-after')).toBeNull();
    const reset = Date.parse(headers.get('x-rondo-reset') ?? '');
    expect(reset - Date.now()).toBeGreaterThan(7_000_000);
  });
});

describe('trouble on the side of Google', () => {
  const transient: FaultKind[] = [
    'internal',
    'bad-gateway',
    'unavailable',
    'deadline',
    'cancelled',
    'reset',
  ];

  test.for(transient)('of the kind "%s" is tried elsewhere, and nothing cools', async (kind) => {
    const model = freshModel();
    google.fault({ credential: one }, kind);
    await askTimes(rondo, 3, of(model));
    expect(served(google)).toEqual([one, two, three, one]);
  });
});

describe('a credential that may not', () => {
  test.for(['service-disabled', 'suspended', 'tos', 'prepaid'] as const)(
    'because of "%s" is taken out, for all models',
    async (kind) => {
      const fresh = await startRondo({ vars: google.vars() });
      google.fault({ credential: one }, kind);
      await askTimes(fresh, 3, of(freshModel()));
      await askTimes(fresh, 2, of(freshModel()));
      expect(served(google)).toEqual([one, two, three, two, two, three]);
      const health = await fresh.fetchBare('/health');
      expect(await health.json()).toMatchObject({ credentials: { total: 3, quarantined: 1 } });
    },
  );

  test.for(['forbidden', 'not-found'] as const)(
    'use a model because of "%s" rests for it alone',
    async (kind) => {
      const [denied, other] = [freshModel(), freshModel()];
      google.fault({ credential: one }, kind);
      await askTimes(rondo, 3, of(denied));
      await askTimes(rondo, 1, of(other));
      expect(served(google)).toEqual([one, two, three, two, one]);
    },
  );
});

test.for(media)(
  'at %s too, a pool that cools is told with the time',
  async ([path, model, init]) => {
    const stub = await startGoogle();
    stub.addServiceAccounts(2);
    const all = await startRondo({ vars: stub.vars() });
    const calls = () => stub.calls.filter((call) => call.model === model);
    const kind = path.endsWith('embeddings') ? 'embed' : 'generate';
    for (const { name } of stub.accounts)
      stub.fault({ kind, credential: name, model }, 'minute', 4);
    for (let time = 0; time < 2; time += 1) {
      const { status, headers, error } = await failed(all.fetch(path, init()));
      expect(status).toBe(429);
      expect(error).toMatchObject({ type: 'requests', code: 'rate_limit_exceeded' });
      expect(error.details).toHaveLength(2);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      // The second time nobody is asked.
      expect(new Set(calls().map(({ credential }) => credential)).size).toBe(time === 0 ? 2 : 0);
      stub.reset();
    }
  },
);
