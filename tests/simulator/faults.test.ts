import { describe, expect, it } from 'vitest';
import type { Fault, FaultKind } from '../../scripts/simulator/faults.ts';
import { isObject } from '../../scripts/simulator/json.ts';
import {
  askGemini,
  askVertex,
  assertion,
  errorOf,
  jwtBearer,
  postForm,
  read,
  refreshForm,
  sseEvents,
  start,
} from './support.ts';

const streamed = 'gemini-3.8-flash:streamGenerateContent?alt=sse';
const whole = 'gemini-3.8-flash:generateContent';

async function meet(fault: FaultKind | Fault, call = whole) {
  const simulator = await start();
  const account = simulator.addApiKey();
  simulator.fault({ credential: account.name }, fault);
  return read(await askGemini(simulator, account, call));
}

describe('a refusal', () => {
  it.each<[kind: FaultKind, status: number, text: string]>([
    ['minute', 429, 'PerMinutePerProjectPerModel'],
    ['minute-shared', 429, 'GenerateRequestsPerMinutePerProject"'],
    ['minute-base', 429, 'per_base_model with base model: gemini-3.8-flash.'],
    ['day', 429, 'PerDayPerProjectPerModel'],
    ['tokens-minute', 429, 'InputTokensPerModelPerMinute'],
    ['limit-zero', 429, 'limit: 0,'],
    ['older-form', 429, 'quota_limit'],
    ['no-details', 429, 'Resource exhausted. Please try again later.'],
    ['exhausted', 429, 'Resource has been exhausted (e.g. check quota).'],
    ['capacity', 429, 'MODEL_CAPACITY_EXHAUSTED'],
    ['rate-limit', 429, 'RATE_LIMIT_EXCEEDED'],
    ['quota-exhausted', 429, 'QUOTA_EXHAUSTED'],
    ['reset-time', 429, 'quotaResetTimeStamp'],
    ['credits', 429, 'INSUFFICIENT_G1_CREDITS_BALANCE'],
    ['unauthenticated', 401, 'Request had invalid authentication credentials.'],
    ['forbidden', 403, 'The caller does not have permission'],
    ['denied-access', 403, 'Your project has been denied access.'],
    ['service-disabled', 403, 'activationUrl'],
    ['iam-denied', 403, 'IAM_PERMISSION_DENIED'],
    ['scope', 403, 'ACCESS_TOKEN_SCOPE_INSUFFICIENT'],
    ['user-project', 403, 'USER_PROJECT_DENIED'],
    ['suspended', 403, 'CONSUMER_SUSPENDED'],
    ['tos', 403, 'appeal_url'],
    ['validation', 403, 'VALIDATION_REQUIRED'],
    ['key-invalid', 400, 'API_KEY_INVALID'],
    ['key-expired', 400, 'API key expired.'],
    ['location', 400, 'FAILED_PRECONDITION'],
    ['signature', 400, 'Corrupted thought signature.'],
    ['invalid', 400, 'Request contains an invalid argument.'],
    ['not-found', 404, 'is not found for API version v1beta'],
    ['cancelled', 499, 'CANCELLED'],
    ['internal', 500, 'INTERNAL'],
    ['unavailable', 503, 'The model is overloaded.'],
    ['capacity-503', 503, 'No capacity available'],
    ['deadline', 504, 'DEADLINE_EXCEEDED'],
  ])('%s comes as JSON with status %i', async (kind, status, text) => {
    const answer = await meet(kind);
    expect(answer.status).toBe(status);
    expect(errorOf(answer).code).toBe(status);
    expect(answer.text).toContain(text);
  });

  it.each<[FaultKind, number]>([
    ['html-429', 429],
    ['bad-gateway', 502],
  ])('%s comes as a page', async (kind, status) => {
    const answer = await meet(kind);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.text).toMatch(/^<!DOCTYPE html>/);
  });

  it('names the delay that the script gives it', async () => {
    expect((await meet({ kind: 'minute', seconds: 7.5 })).text).toContain('"retryDelay": "7.5s"');
    const answer = await meet({ kind: 'retry-after', seconds: 9 });
    expect(answer.headers.get('retry-after')).toBe('9');
    expect(errorOf(answer)).not.toHaveProperty('details');
  });

  it('of the minute that models share names none of them', async () => {
    const { text } = await meet('minute-shared');
    expect(text).not.toContain('gemini-3.8-flash');
    expect(text).toContain('"retryDelay": "44.09774s"');
  });

  it.each(['gemini-4-argon-001', 'gemini-4-argon-preview-11-2026', 'gemini-4-argon-latest'])(
    'of the base model names that one when %s was asked',
    async (id) => {
      const { text } = await meet('minute-base', `${id}:generateContent`);
      expect(text).toContain('"base_model": "gemini-4-argon"');
      expect(text).not.toContain(id);
    },
  );

  it('of the base model names another one when the script says so', async () => {
    const { text } = await meet({ kind: 'minute-base', base: 'gemini-pro' });
    expect(text).toContain('"base_model": "gemini-pro"');
  });

  it('comes without details from the back-end that the script names, and from no other', async () => {
    const simulator = await start();
    const [key, account] = [simulator.addApiKey(), simulator.addServiceAccount()];
    simulator.fault({ backend: 'vertex' }, 'no-details');
    expect((await askGemini(simulator, key)).status).toBe(200);
    const refused = await read(await askVertex(simulator, account));
    expect(refused.status).toBe(429);
    expect(errorOf(refused)).not.toHaveProperty('details');
  });

  it('puts the reset at the simulated time', async () => {
    const now = Date.parse('2026-11-24T10:00:00Z');
    const simulator = await start({ now: () => now });
    simulator.fault({}, { kind: 'reset-time', seconds: 60 });
    const { text } = await read(await askGemini(simulator, simulator.addApiKey()));
    expect(text).toContain('"quotaResetTimeStamp": "2026-11-24T10:01:00.000Z"');
  });

  it('can be wrapped in an array, nested in a message, dressed in headers, or raw', async () => {
    const wrapped = await meet({ kind: 'minute', wrapped: true });
    expect(JSON.parse(wrapped.text)).toMatchObject([{ error: { code: 429 } }]);
    const nested = await meet({ kind: 'minute', nested: true });
    expect(JSON.parse(String(errorOf(nested).message))).toMatchObject({ error: { code: 429 } });
    const dressed = await meet({ kind: 'internal', headers: { 'retry-after': '3' } });
    expect(dressed.headers.get('retry-after')).toBe('3');
    const raw = await meet({ kind: 'raw', status: 418, body: 'teapot' });
    expect(raw).toMatchObject({ status: 418, text: 'teapot' });
  });

  it('of a stream without alt=sse is the only element of an array', async () => {
    const { text } = await meet('unavailable', 'gemini-3.8-flash:streamGenerateContent');
    expect(JSON.parse(text)).toMatchObject([{ error: { code: 503 } }]);
  });
});

describe('the order of faults', () => {
  it('is first in, first out for a credential, and then all is well', async () => {
    const simulator = await start();
    const account = simulator.addApiKey();
    simulator.fault({ credential: account.name }, 'internal', 2);
    simulator.fault({ credential: account.name }, 'unavailable');
    const statuses: number[] = [];
    for (let call = 0; call < 4; call += 1)
      statuses.push((await askGemini(simulator, account)).status);
    expect(statuses).toEqual([500, 500, 503, 200]);
    expect(simulator.pendingFaults).toBe(0);
  });

  it('leaves other credentials, models and kinds of calls alone', async () => {
    const simulator = await start();
    const [account, other] = [simulator.addApiKey(), simulator.addServiceAccount()];
    simulator.fault({ credential: account.name, model: 'gemini-4-argon' }, 'internal');
    expect((await askVertex(simulator, other)).status).toBe(200);
    expect((await askGemini(simulator, account)).status).toBe(200);
    const argon = 'gemini-4-argon:generateContent';
    expect((await askGemini(simulator, account, argon)).status).toBe(500);
  });
});

describe('a fault on the wire', () => {
  it('resets the connection before any byte', async () => {
    const simulator = await start();
    simulator.fault({}, 'reset');
    await expect(askGemini(simulator, simulator.addApiKey())).rejects.toThrow('fetch failed');
    expect(simulator.calls[0]).toMatchObject({ status: null, fault: 'reset', end: 'cut' });
  });

  async function received(fault: Fault): Promise<string> {
    const simulator = await start();
    simulator.fault({}, fault);
    const response = await askGemini(simulator, simulator.addApiKey(), streamed);
    let text = '';
    const reading = async (): Promise<void> => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
    };
    await expect(reading()).rejects.toThrow('terminated');
    expect(await simulator.calls[0]?.ended).toBe('cut');
    return text;
  }

  it('cuts a stream after so many events', async () => {
    expect(sseEvents(await received({ kind: 'cut', after: 2 }))).toHaveLength(2);
    expect(await received({ kind: 'cut', after: 0 })).toBe('');
  });

  it('cuts a stream after all its events but before its end', async () => {
    const events = sseEvents(await received({ kind: 'cut', after: 1000 }));
    expect(JSON.stringify(events.at(-1))).toContain('"finishReason":"STOP"');
  });

  it('cuts a stream in the middle of an event', async () => {
    const text = await received({ kind: 'cut', after: 1, partial: true });
    expect(text).toMatch(/^data: .*\r\n\r\ndata: .*[^\n]$/);
  });
});

describe('a fault inside an answer of status 200', () => {
  it('is an error as the first event or a later one', async () => {
    const first = await meet({ kind: 'stream-error' }, streamed);
    expect(first.status).toBe(200);
    expect(sseEvents(first.text)).toMatchObject([{ error: { code: 503 } }]);
    const later = await meet({ kind: 'stream-error', after: 2, error: 'minute' }, streamed);
    expect(sseEvents(later.text).map((event) => 'error' in event)).toEqual([false, false, true]);
    expect(sseEvents(later.text)[2]).toMatchObject({ error: { code: 429 } });
  });

  it('is an error without data: before it', async () => {
    const { text } = await meet({ kind: 'stream-error', after: 1, bare: true }, streamed);
    expect(text).toMatch(/\r\n\r\n\{\n {2}"error": \{/);
  });

  it('is an error in the framing that the call asked for', async () => {
    const fault: Fault = { kind: 'stream-error', after: 1 };
    const array = await meet(fault, 'gemini-3.8-flash:streamGenerateContent');
    expect(JSON.parse(array.text)).toMatchObject([{ candidates: [{}] }, { error: { code: 503 } }]);
    expect((await meet(fault)).json).toMatchObject({ error: { code: 503 } });
  });

  it('is an answer with nothing in it', async () => {
    expect((await meet('empty', streamed)).text).toBe('');
    expect((await meet('empty')).json).toEqual({});
    const { json } = await meet('no-candidates');
    expect(json).not.toHaveProperty('candidates');
    expect(json).toHaveProperty('usageMetadata');
  });

  it('is an answer that does not say why it ended', async () => {
    const { text } = await meet('no-finish', streamed);
    expect(text).toContain('You said');
    expect(text).not.toContain('finishReason');
  });

  it('is another finish reason, with or without content before', async () => {
    const reason = 'MALFORMED_FUNCTION_CALL';
    const { json } = await meet({ kind: 'finish', reason });
    expect(json.candidates).toEqual([{ finishReason: reason }]);
    const { text } = await meet({ kind: 'finish', reason: 'SAFETY', after: 1 }, streamed);
    expect(sseEvents(text)).toMatchObject([
      { candidates: [{ content: { role: 'model' } }] },
      { candidates: [{ finishReason: 'SAFETY' }] },
    ]);
  });

  it('is a blocked prompt', async () => {
    const { json } = await meet({ kind: 'blocked', reason: 'PROHIBITED_CONTENT' });
    expect(json).toMatchObject({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } });
    expect(json).not.toHaveProperty('candidates');
  });
});

describe('a fault of the token endpoint', () => {
  async function meetToken(fault: FaultKind | Fault) {
    const simulator = await start();
    const account = simulator.addAuthorizedUser();
    simulator.faultToken({ credential: account.name }, fault);
    return postForm(simulator, refreshForm(account));
  }

  it.each<[FaultKind, number, string]>([
    ['internal', 500, 'internal_failure'],
    ['unavailable', 503, 'temporarily_unavailable'],
    ['token-rate-limit', 403, 'rate_limit_exceeded'],
    ['invalid-grant', 400, 'invalid_grant'],
    ['invalid-client', 401, 'invalid_client'],
    ['unauthorized-client', 401, 'unauthorized_client'],
    ['invalid-scope', 400, 'invalid_scope'],
  ])('%s has the shape of OAuth', async (kind, status, error) => {
    expect(await meetToken(kind)).toMatchObject({ status, json: { error } });
  });

  it('needs no kind when the filter names its back-end', async () => {
    const simulator = await start();
    simulator.fault({ backend: 'oauth' }, 'unavailable');
    const account = simulator.addAuthorizedUser();
    expect((await postForm(simulator, refreshForm(account))).status).toBe(503);
  });

  it('asks for a new login with a subtype', async () => {
    const { json } = await meetToken('invalid-rapt');
    expect(json).toMatchObject({ error: 'invalid_grant', error_subtype: 'invalid_rapt' });
  });

  it('may have an object for an error, a page, no JSON, or no token', async () => {
    expect(isObject((await meetToken('object-error')).json.error)).toBe(true);
    expect((await meetToken('bad-gateway')).text).toMatch(/^<!DOCTYPE html>/);
    expect(await meetToken('not-json')).toMatchObject({ status: 200, json: {} });
    expect((await meetToken('no-token')).json).not.toHaveProperty('access_token');
  });

  it('finds the account of an assertion', async () => {
    const simulator = await start();
    const account = simulator.addServiceAccount();
    simulator.faultToken({ credential: account.name }, 'unavailable');
    expect((await jwtBearer(simulator, assertion(account))).status).toBe(503);
    expect((await jwtBearer(simulator, assertion(account))).status).toBe(200);
  });
});
