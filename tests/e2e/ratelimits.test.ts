import { RateLimitError } from 'openai';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FaultKind } from '../../scripts/simulator/faults.ts';
import type { Simulator } from '../../scripts/simulator/simulator.ts';
import { ask, askTimes, failed, model, otherModel, served, told } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

const one = { credential: 'sim-account-1' };
const two = { credential: 'sim-account-2' };

let google: Simulator;

beforeEach(async () => {
  google = await startGoogle();
});

async function startWith(accounts: number, vars: Record<string, string> = {}): Promise<Rondo> {
  google.addServiceAccounts(accounts);
  return startRondo({ vars: { ...google.vars(), ...vars } });
}

describe('a credential that Google limits', () => {
  const shapes: FaultKind[] = [
    'minute',
    'day',
    'tokens-minute',
    'limit-zero',
    'older-form',
    'no-details',
    'exhausted',
    'capacity',
    'rate-limit',
    'quota-exhausted',
    'reset-time',
    'retry-after',
    'html-429',
    'credits',
  ];

  test.for(shapes)(
    'by a 429 of the shape "%s" is passed over, within the request and after',
    async (shape) => {
      const rondo = await startWith(2);
      google.fault(one, shape);
      const answer = await rondo.chat(ask());
      expect(answer.headers.get('x-rondo-attempts')).toBe('2');
      expect(await told(answer)).toBe('You said: Hello');
      await askTimes(rondo, 2);
      expect(served(google)).toEqual([
        'sim-account-1',
        'sim-account-2',
        'sim-account-2',
        'sim-account-2',
      ]);
    },
  );

  test.for([{ wrapped: true }, { nested: true }])(
    'is passed over when the error comes %o',
    async (how) => {
      const rondo = await startWith(2);
      google.fault(one, { kind: 'minute', seconds: 90, ...how });
      await askTimes(rondo, 3);
      expect(served(google, one)).toHaveLength(1);
    },
  );

  test('in a stream is passed over too', async () => {
    const rondo = await startWith(2);
    google.fault(one, 'minute');
    const stream = await rondo.openai.chat.completions.create({ ...ask(), stream: true });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe('You said: Hello');
    expect(served(google)).toEqual(['sim-account-1', 'sim-account-2']);
  });

  test('serves other models as before', async () => {
    const rondo = await startWith(2);
    google.fault({ ...one, model }, 'minute');
    await askTimes(rondo, 2);
    await askTimes(rondo, 2, ask('Hello', { model: otherModel }));
    expect(served(google, { ...one, model })).toHaveLength(1);
    expect(served(google, { model: otherModel })).toEqual(['sim-account-1', 'sim-account-2']);
  });

  test('is taken again once its time is up', async () => {
    const rondo = await startWith(2);
    google.fault(one, { kind: 'minute', seconds: 1 });
    await askTimes(rondo, 2);
    expect(served(google)).toEqual(['sim-account-1', 'sim-account-2', 'sim-account-2']);
    const last = async () => {
      await askTimes(rondo, 1);
      return served(google).at(-1);
    };
    await expect.poll(last, { timeout: 8000 }).toBe('sim-account-1');
    await askTimes(rondo, 2);
    expect(served(google).slice(-3)).toEqual(['sim-account-1', 'sim-account-2', 'sim-account-1']);
  });

  test('is written into the log with credential, model and reset', async () => {
    const rondo = await startWith(2);
    google.fault(one, { kind: 'minute', seconds: 90 });
    await askTimes(rondo, 1);
    expect(rondo.events('attempt_failed')).toEqual([
      expect.objectContaining({
        level: 'warn',
        credential: expect.stringMatching(/^[0-9a-f]{16}$/),
        model,
        attempt: 1,
        class: 'minute',
        status: 429,
        reset: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      }),
    ]);
  });
});

describe('quotas that the simulator counts', () => {
  test('of two requests a minute and project let six through three credentials, then none', async () => {
    google.setQuotas({ perMinute: 2 });
    const rondo = await startWith(3);
    await askTimes(rondo, 6);
    expect(served(google)).toHaveLength(6);
    const { status } = await failed(rondo.chat(ask()));
    expect(status).toBe(429);
    expect(served(google).slice(6)).toEqual(['sim-account-1', 'sim-account-2', 'sim-account-3']);
  });
});

describe('when all credentials cool', () => {
  async function allCooling(): Promise<Rondo> {
    const rondo = await startWith(3);
    for (const [index, seconds] of [90, 40, 60].entries()) {
      google.fault({ credential: `sim-account-${index + 1}` }, { kind: 'minute', seconds });
    }
    return rondo;
  }

  test('the answer is a 429 that tells the earliest reset', async () => {
    const rondo = await allCooling();
    const { status, headers, error } = await failed(rondo.chat(ask()));
    expect(status).toBe(429);
    expect(error).toMatchObject({ type: 'requests', code: 'rate_limit_exceeded', param: null });
    expect(error.message).toContain(model);
    // The second credential's 40 s; a little of them is over.
    const ms = Number(headers.get('retry-after-ms'));
    expect(ms).toBeLessThanOrEqual(40_000);
    expect(ms).toBeGreaterThan(30_000);
    expect(headers.get('retry-after')).toBe(String(Math.ceil(ms / 1000)));
    expect(headers.get('x-rondo-attempts')).toBe('3');
  });

  test('the next request is refused at once, without a call to Google', async () => {
    const rondo = await allCooling();
    await failed(rondo.chat(ask()));
    const calls = google.count();
    const { status, headers } = await failed(rondo.chat(ask()));
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(google.count()).toBe(calls);
  });

  test('a stream is refused by status, before it begins', async () => {
    const rondo = await allCooling();
    await failed(rondo.chat(ask()));
    const { status, headers } = await failed(rondo.chat(ask('Hello', { stream: true })));
    expect(status).toBe(429);
    expect(headers.get('content-type')).toBe('application/json');
  });

  test('the SDK raises its RateLimitError', async () => {
    const rondo = await allCooling();
    const asked = rondo.openai.chat.completions.create(ask());
    await expect(asked).rejects.toBeInstanceOf(RateLimitError);
    await expect(asked).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
  });

  test('another model is served', async () => {
    const rondo = await allCooling();
    await failed(rondo.chat(ask()));
    await askTimes(rondo, 1, ask('Hello', { model: otherModel }));
  });

  test('for longer than SDKs believe, they are told not to come back', async () => {
    const rondo = await startWith(1);
    google.fault(one, { kind: 'quota-exhausted', seconds: 7200 });
    const { headers } = await failed(rondo.chat(ask()));
    expect(headers.get('x-should-retry')).toBe('false');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(7000);
  });
});

describe('trouble on the side of Google', () => {
  const transient = [
    'internal',
    'bad-gateway',
    'unavailable',
    'deadline',
    'cancelled',
    'reset',
  ] as const;

  test.for(transient)('of the kind "%s" is tried elsewhere, and nothing cools', async (kind) => {
    const rondo = await startWith(2);
    google.fault(one, kind);
    await askTimes(rondo, 2);
    expect(served(google)).toEqual(['sim-account-1', 'sim-account-2', 'sim-account-1']);
  });

  test('everywhere is an error of the server, after a bounded number of attempts', async () => {
    const rondo = await startWith(6);
    google.fault({}, 'unavailable', 20);
    const { status, headers, error } = await failed(rondo.chat(ask()));
    expect(status).toBe(503);
    expect(error.type).toBe('server_error');
    expect(headers.get('x-rondo-attempts')).toBe('4');
    expect(served(google)).toHaveLength(4);
  });

  test('is tried as often as MAX_ATTEMPTS says', async () => {
    const rondo = await startWith(4, { MAX_ATTEMPTS: '2' });
    google.fault({}, 'unavailable', 20);
    await failed(rondo.chat(ask()));
    expect(served(google)).toHaveLength(2);
  });
});

describe('a credential that may not', () => {
  test.for(['service-disabled', 'suspended', 'tos'] as const)(
    'because of "%s" is taken out for all models',
    async (kind) => {
      const rondo = await startWith(2);
      google.fault(one, kind);
      await askTimes(rondo, 3);
      await askTimes(rondo, 2, ask('Hello', { model: otherModel }));
      expect(served(google, one)).toHaveLength(1);
    },
  );

  test.for(['forbidden', 'iam-denied', 'not-found'] as const)(
    'because of "%s" rests, and another answers',
    async (kind) => {
      const rondo = await startWith(2);
      google.fault({ ...one, model }, kind);
      await askTimes(rondo, 3);
      expect(served(google, { ...one, model })).toHaveLength(1);
    },
  );
});

describe("a fault of the client's request", () => {
  test('is passed on as 400, never tried elsewhere, and nothing cools', async () => {
    const rondo = await startWith(2);
    google.fault({}, 'invalid');
    const { status, error } = await failed(rondo.chat(ask()));
    expect(status).toBe(400);
    expect(error.type).toBe('invalid_request_error');
    expect(served(google)).toHaveLength(1);
    await askTimes(rondo, 2);
    expect(served(google).slice(1)).toEqual(['sim-account-2', 'sim-account-1']);
  });

  test('for a model that nobody has is 404 model_not_found', async () => {
    const rondo = await startWith(2);
    google.fault(one, 'not-found');
    google.fault(two, 'not-found');
    const { status, error } = await failed(rondo.chat(ask()));
    expect(status).toBe(404);
    expect(error).toMatchObject({ code: 'model_not_found', param: 'model' });
  });
});
