import { describe, expect, it } from 'vitest';
import type { Fault, FaultKind } from '../../scripts/googlestub/faults.ts';
import { isObject, type JsonObject, objectsIn } from '../../scripts/googlestub/json.ts';
import { configured, flash, old, streamed, whole } from './samples.ts';
import {
  type Answered,
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

async function meet(fault: FaultKind | Fault, call = whole) {
  const stub = await start();
  const account = stub.addApiKey();
  stub.fault({ credential: account.name }, fault);
  return read(await askGemini(stub, account, call));
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
    ['reset-time', 429, 'quotaResetTimeStamp'],
    ['prepaid', 429, 'Your prepayment credits are depleted.'],
    ['unauthenticated', 401, 'Request had invalid authentication credentials.'],
    ['forbidden', 403, 'The caller does not have permission'],
    ['denied-access', 403, 'Your project has been denied access.'],
    ['service-disabled', 403, 'activationUrl'],
    ['iam-denied', 403, 'IAM_PERMISSION_DENIED'],
    ['scope', 403, 'ACCESS_TOKEN_SCOPE_INSUFFICIENT'],
    ['user-project', 403, 'USER_PROJECT_DENIED'],
    ['suspended', 403, 'CONSUMER_SUSPENDED'],
    ['tos', 403, 'appeal_url'],
    ['billing', 403, 'BILLING_DISABLED'],
    ['account-forbidden', 403, 'does not have serviceusage.services.use access'],
    ['key-leaked', 403, 'reported as leaked'],
    ['schema-states', 400, 'too many states for serving'],
    ['key-invalid', 400, 'API_KEY_INVALID'],
    ['key-expired', 400, 'API key expired.'],
    ['location', 400, 'FAILED_PRECONDITION'],
    ['signature', 400, 'Corrupted thought signature.'],
    ['invalid', 400, 'Request contains an invalid argument.'],
    ['not-found', 404, 'is not found for API version v1beta'],
    ['cancelled', 499, 'CANCELLED'],
    ['internal', 500, 'INTERNAL'],
    ['unavailable', 503, 'The model is overloaded.'],
    ['demand', 503, 'This model is currently experiencing high demand.'],
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
    expect(text).not.toContain(flash);
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
    const stub = await start();
    const [key, account] = [stub.addApiKey(), stub.addServiceAccount()];
    stub.fault({ backend: 'vertex' }, 'no-details');
    expect((await askGemini(stub, key)).status).toBe(200);
    const refused = await read(await askVertex(stub, account));
    expect(refused.status).toBe(429);
    expect(errorOf(refused)).not.toHaveProperty('details');
  });

  it('puts the reset at the simulated time', async () => {
    const now = Date.parse('2026-11-24T10:00:00Z');
    const stub = await start({ now: () => now });
    stub.fault({}, { kind: 'reset-time', seconds: 60 });
    const { text } = await read(await askGemini(stub, stub.addApiKey()));
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

  it('may say anything', async () => {
    const message = 'value for properties at top-level must be an object';
    const answer = await meet({ kind: 'says', message });
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toEqual({ code: 400, message, status: 'INVALID_ARGUMENT' });
    const details = [{ '@type': 'x' }];
    expect(errorOf(await meet({ kind: 'says', status: 403, details }))).toEqual({
      code: 403,
      message: 'Request contains an invalid argument.',
      status: 'PERMISSION_DENIED',
      details,
    });
  });

  it.each<[kind: FaultKind, message: RegExp]>([
    ['model-retired', /^This model models\/\S+ is no longer available\. Please update your code /],
    ['model-closed', /^This model models\/\S+ is no longer available to new users\. /],
  ])('%s is about a model that is gone', async (kind, message) => {
    const answer = await meet(kind);
    expect(answer.status).toBe(404);
    expect(errorOf(answer)).toMatchObject({
      message: expect.stringMatching(message),
      status: 'NOT_FOUND',
    });
  });

  it.each<[kind: FaultKind, status: number, message: RegExp]>([
    ['bucket-denied', 403, /^Permission 'storage.objects.get' denied on resource '/],
    ['bucket-denied-bare', 403, /^service-\d{12}@gcp-sa-aiplatform\.iam\.gserviceaccount\.com /],
    ['bucket-denied-input', 403, /^Permission denied while accessing input file\./],
    ['cache-denied', 403, /^Permission 'aiplatform.cachedContents.get' denied on resource '/],
    ['cache-use-denied', 403, /^Permission 'aiplatform.cachedContents.use' denied on resource '/],
    ['cache-missing', 403, /^CachedContent not found \(or permission denied\)$/],
    ['file-denied', 403, /^You do not have permission to access the File abc123 or it may not/],
    ['endpoint-denied', 403, /endpoints\/123' \(or it may not exist\)\.$/],
  ])('%s is about what the request names', async (kind, status, message) => {
    const answer = await meet(kind);
    expect(answer.status).toBe(status);
    expect(errorOf(answer).message).toMatch(message);
  });

  it('tells the number of the project, the e-mail of the account and the API key', async () => {
    const stub = await start();
    const [key, account] = [stub.addApiKey(), stub.addServiceAccount()];
    const said = async (kind: FaultKind, who: typeof key): Promise<string> => {
      stub.fault({}, kind);
      const send = who === key ? askGemini : askVertex;
      return JSON.stringify(errorOf(await read(await send(stub, who))));
    };
    const { projectNumber: number } = account;
    expect(number).toMatch(/^\d{12}$/);
    expect(await said('service-disabled', account)).toContain(`"projects/${number}"`);
    expect(await said('service-disabled', account)).toContain(`in project ${number} before`);
    expect(await said('billing', account)).toContain(`project #${number} by visiting`);
    expect(await said('older-form', account)).toContain(`consumer 'project_number:${number}'.`);
    expect(await said('suspended', account)).toContain(`Consumer 'project_number:${number}' has`);
    expect(await said('suspended', key)).toContain(`Consumer 'api_key:${key.apiKey}' has`);
    expect(await said('account-forbidden', account)).toContain(`${account.email} does not have`);
  });

  it('of a stream without alt=sse is the only element of an array', async () => {
    const { text } = await meet('unavailable', `${flash}:streamGenerateContent`);
    expect(JSON.parse(text)).toMatchObject([{ error: { code: 503 } }]);
  });
});

describe('the order of faults', () => {
  it('is first in, first out for a credential, and then all is well', async () => {
    const stub = await start();
    const account = stub.addApiKey();
    stub.fault({ credential: account.name }, 'internal', 2);
    stub.fault({ credential: account.name }, 'unavailable');
    const statuses: number[] = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await askGemini(stub, account)).status);
    expect(statuses).toEqual([500, 500, 503, 200]);
    expect(stub.pendingFaults).toBe(0);
  });

  it('leaves other credentials, models and kinds of calls alone', async () => {
    const stub = await start();
    const [account, other] = [stub.addApiKey(), stub.addServiceAccount()];
    stub.fault({ credential: account.name, model: 'gemini-4-argon' }, 'internal');
    expect((await askVertex(stub, other)).status).toBe(200);
    expect((await askGemini(stub, account)).status).toBe(200);
    const argon = 'gemini-4-argon:generateContent';
    expect((await askGemini(stub, account, argon)).status).toBe(500);
  });
});

describe('a fault on the wire', () => {
  it('resets the connection before any byte', async () => {
    const stub = await start();
    stub.fault({}, 'reset');
    await expect(askGemini(stub, stub.addApiKey())).rejects.toThrow('fetch failed');
    expect(stub.calls[0]).toMatchObject({ status: null, fault: 'reset', end: 'cut' });
  });

  async function received(fault: Fault): Promise<string> {
    const stub = await start();
    stub.fault({}, fault);
    const response = await askGemini(stub, stub.addApiKey(), streamed);
    let text = '';
    const reading = async (): Promise<void> => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
    };
    await expect(reading()).rejects.toThrow('terminated');
    expect(await stub.calls[0]?.ended).toBe('cut');
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

describe('silence', () => {
  async function unanswered(fault: Fault, wait: (response: Promise<Response>) => Promise<unknown>) {
    const stub = await start();
    stub.fault({}, fault);
    const leave = new AbortController();
    const options = { signal: leave.signal };
    const coming = stub.nextCall();
    const response = askGemini(stub, stub.addApiKey(), streamed, options);
    const call = await coming;
    const got = await wait(response);
    // By then the rest would have come, if it came at all.
    await read(await askGemini(stub, stub.addApiKey(), streamed));
    expect(call.end).toBeNull();
    const gone = expect(response.then((answer) => answer.text())).rejects.toThrow();
    leave.abort();
    expect(await call.ended).toBe('aborted');
    await gone;
    return { got, call };
  }

  it('instead of an answer lasts until the caller leaves', async () => {
    const { call } = await unanswered({ kind: 'silent' }, async () => undefined);
    expect(call).toMatchObject({ status: null, fault: 'silent' });
  });

  it('may come after the head', async () => {
    const { got } = await unanswered(
      { kind: 'silent', after: 0 },
      async (response) => (await response).status,
    );
    expect(got).toBe(200);
  });

  it('may come between two events', async () => {
    const { got } = await unanswered({ kind: 'silent', after: 1 }, async (coming) => {
      const reader = (await coming).body?.getReader();
      const piece = await reader?.read();
      reader?.releaseLock();
      return Buffer.from(piece?.value ?? []).toString();
    });
    expect(sseEvents(String(got))).toHaveLength(1);
  });

  it('may be that of the token endpoint', async () => {
    const stub = await start();
    stub.faultToken({}, 'silent');
    const account = stub.addAuthorizedUser();
    const coming = stub.nextCall({ kind: 'token' });
    const leave = new AbortController();
    const body = new URLSearchParams(refreshForm(account));
    const asked = fetch(stub.tokenUrl, { method: 'POST', body, signal: leave.signal });
    const call = await coming;
    leave.abort();
    await expect(asked).rejects.toThrow();
    expect(await call.ended).toBe('aborted');
  });
});

describe('a fault inside an answer of status 200', () => {
  it('is a refused request as the first event', async () => {
    const message = 'reference to undefined schema at properties.t';
    const fault: Fault = { kind: 'stream-error', error: 'says', message };
    const { status, text } = await meet(fault, streamed);
    expect(status).toBe(200);
    expect(sseEvents(text)).toEqual([
      { error: { code: 400, message, status: 'INVALID_ARGUMENT' } },
    ]);
  });

  it('is an image model that makes no image', async () => {
    const fault: Fault = { kind: 'finish', reason: 'NO_IMAGE', message: 'No image was made.' };
    for (const answer of [
      (await meet(fault)).json,
      ...sseEvents((await meet(fault, streamed)).text),
    ]) {
      expect(answer.candidates).toEqual([
        { finishReason: 'NO_IMAGE', finishMessage: 'No image was made.' },
      ]);
    }
  });

  async function calling(call: string) {
    const stub = await start();
    stub.fault({}, 'split-call');
    const tools = [{ functionDeclarations: [{ name: 'get_time' }, { name: 'get_date' }] }];
    const text = 'get_time({"tz":"UTC"}) and get_date';
    const body = { contents: [{ role: 'user', parts: [{ text }] }], tools };
    return read(await askGemini(stub, stub.addApiKey(), call, { body }));
  }
  const halves = [
    { functionCall: { id: expect.any(String), name: 'get_time', args: {} } },
    { functionCall: { args: { tz: 'UTC' } } },
    { functionCall: { id: expect.any(String), name: 'get_date', args: {} } },
    { functionCall: { args: {} } },
  ];

  it('is a call whose arguments come behind it, without a name', async () => {
    const parts = (answer: JsonObject): unknown =>
      objectsIn(answer, 'candidates').flatMap((one) =>
        objectsIn(one.content as JsonObject, 'parts'),
      );
    expect(parts((await calling(whole)).json)).toMatchObject(halves);
    const events = sseEvents((await calling(streamed)).text);
    expect(events.slice(0, -1).flatMap(parts)).toMatchObject(halves);
    expect(JSON.stringify(events.at(-1))).toContain('"finishReason":"STOP"');
  });

  it('is such a call in the event that ends a stream', async () => {
    const stub = await start();
    const functionCall = { name: 'get_time', args: { tz: 'UTC' } };
    const content = { role: 'model', parts: [{ functionCall }] };
    stub.answerNext({}, { responses: [{ candidates: [{ content, finishReason: 'STOP' }] }] });
    stub.fault({}, 'split-call');
    const { text } = await read(await askGemini(stub, stub.addApiKey(), streamed));
    const reasons = sseEvents(text)
      .flatMap((event) => objectsIn(event, 'candidates'))
      .map(({ finishReason }) => finishReason);
    expect(reasons).toEqual([undefined, 'STOP']);
  });

  it('is one candidate of several without content', async () => {
    const stub = await start();
    const account = stub.addApiKey();
    const ask = async (call: string): Promise<Answered> => {
      stub.fault({}, { kind: 'empty-candidate', index: 1, reason: 'OTHER' });
      const body = configured({ candidateCount: 2 });
      return read(await askGemini(stub, account, `${old}:${call}`, { body }));
    };
    expect((await ask('generateContent')).json.candidates).toMatchObject([
      { index: 0, finishReason: 'STOP', content: { parts: [{ text: 'You said: Hi' }] } },
      { index: 1, finishReason: 'OTHER' },
    ]);
    const { text } = await ask('streamGenerateContent?alt=sse');
    const ofOne = sseEvents(text)
      .flatMap((event) => objectsIn(event, 'candidates'))
      .filter(({ index }) => index === 1);
    expect(ofOne).toEqual([{ index: 1, finishReason: 'OTHER' }]);
  });

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
    expect(text).toMatch(/\r\n\r\n\{\n {2}"error": \{\n {4}"code": 503,\n[\s\S]*\n\}\n$/);
  });

  it('is an error in the framing that the call asked for', async () => {
    const fault: Fault = { kind: 'stream-error', after: 1 };
    const array = await meet(fault, `${flash}:streamGenerateContent`);
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
    for (const call of [streamed, whole]) {
      const { text } = await meet('no-finish', call);
      expect(text).toContain('You said');
      expect(text).not.toContain('finishReason');
    }
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
    const stub = await start();
    const account = stub.addAuthorizedUser();
    stub.faultToken({ credential: account.name }, fault);
    return postForm(stub, refreshForm(account));
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
    const stub = await start();
    stub.fault({ backend: 'oauth' }, 'unavailable');
    const account = stub.addAuthorizedUser();
    expect((await postForm(stub, refreshForm(account))).status).toBe(503);
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
    const stub = await start();
    const account = stub.addServiceAccount();
    stub.faultToken({ credential: account.name }, 'unavailable');
    expect((await jwtBearer(stub, assertion(account))).status).toBe(503);
    expect((await jwtBearer(stub, assertion(account))).status).toBe(200);
  });
});
