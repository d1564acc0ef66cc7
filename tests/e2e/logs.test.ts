// What the log tells: one line for each request, and one for each change of state. That no secret,
// prompt or answer is in it is looked at after every test.
import { beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { ask, askTimes, chunksOf, failed, model, otherModel } from '../support/chat.ts';
import { LeavingClient, Uploading } from '../support/client.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

const one = 'sim-account-1';
const two = 'sim-account-2';
const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const request = expect.stringMatching(/^req_[0-9a-f]{32}$/);

let google: GoogleStub;
let rondo: Rondo;

async function start(vars: Record<string, string> = {}): Promise<void> {
  google = await startGoogle();
  for (const alias of ['mine', 'yours']) google.addServiceAccount({ extra: { alias } });
  rondo = await startRondo({ vars: { ...google.vars(), ...vars } });
}

const attemptsIn = (line: JsonObject | undefined): JsonObject[] =>
  (line?.attempts ?? []) as JsonObject[];

/** The lines of an event, as soon as there are so many. */
async function linesOf(event: string, count = 1): Promise<JsonObject[]> {
  await expect.poll(() => rondo.events(event)).toHaveLength(count);
  return rondo.events(event);
}

describe('the one line of a request that the worker answers by itself', () => {
  test('tells the limit of the key that it was refused for', async () => {
    google = await startGoogle();
    google.addServiceAccount();
    const limits = { requests_per_minute: 9, requests_per_day: 1 };
    const CLIENT_API_KEYS = [{ name: 'me', key: clientKey, limits }];
    rondo = await startRondo({ vars: { ...google.vars(), CLIENT_API_KEYS } });
    await askTimes(rondo, 1);
    const answer = await rondo.chat(ask());
    await answer.text();
    const lines = await linesOf('request', 2);
    expect(lines[1]).toEqual({
      time: moment,
      level: 'info',
      event: 'request',
      request: answer.headers.get('x-request-id'),
      operation: 'refuse',
      client: 'me',
      status: 429,
      ms: expect.any(Number),
      limit: 'requests_per_day',
    });
  });

  const lineOf = (operation: string, status: number): object => ({
    time: moment,
    level: 'info',
    event: 'request',
    request,
    operation,
    client: 'key-1',
    status,
    ms: expect.any(Number),
  });

  test.for([
    ['a chat', '/v1/chat/completions', 'chat_completions'],
    ['a message', '/v1/messages', 'messages'],
    ['a request for embeddings', '/v1/embeddings', 'embeddings'],
  ] as const)('tells that %s was too large', async ([, path, operation]) => {
    await start({ MAX_BODY_BYTES: '100' });
    const sent = { method: 'POST', body: 'x'.repeat(101) };
    expect((await rondo.fetch(path, sent)).status).toBe(413);
    expect(await linesOf('request')).toEqual([lineOf(operation, 413)]);
  });

  const withKey = `authorization: Bearer ${clientKey}`;
  const waiting = (path: string, length: number): Uploading =>
    new Uploading(rondo, `POST ${path}`, [withKey, `content-length: ${length}`]);

  test('tells that a body did not come', async () => {
    await start({ BODY_TIMEOUT_MS: '100' });
    const { status } = await waiting('/v1/chat/completions', 100).answer();
    expect(status).toBe(408);
    expect(await linesOf('request')).toEqual([lineOf('chat_completions', 408)]);
  });

  test('tells that a body broke off', async () => {
    await start();
    const sent = new Uploading(
      rondo,
      'POST /v1/responses',
      [withKey, 'transfer-encoding: chunked'],
      'no\r\n',
    );
    await sent.answer();
    expect(await linesOf('request')).toEqual([lineOf('responses', 400)]);
  });

  test.for([
    ['/v1/chat/completions', 'chat_completions', 503],
    ['/v1/messages', 'messages', 529],
    [`/v1beta/models/${model}:generateContent`, 'native', 503],
  ] as const)(
    'tells that the isolate has no memory for it: %s',
    async ([path, operation, status]) => {
      await start({ MAX_BODY_BYTES_TOTAL: '1000' });
      const other = waiting('/v1/chat/completions', 900);
      await expect.poll(async () => (await rondo.state()).bodyBytes).toBe(900);
      const refused = await rondo.fetch(path, { method: 'POST', body: 'x'.repeat(101) });
      expect(refused.status).toBe(status);
      expect(await linesOf('request')).toEqual([lineOf(operation, status)]);
      other.leave();
    },
  );

  test('tells that a request of a key with a limit of tokens can not be metered', async () => {
    const CLIENT_API_KEYS = [{ key: clientKey, limits: { tokens_per_day: 9 } }];
    google = await startGoogle();
    rondo = await startRondo({ vars: { ...google.vars(), CLIENT_API_KEYS } });
    const sent = { method: 'POST', body: '{}' };
    expect((await rondo.fetch('/v1beta/openai/chat/completions', sent)).status).toBe(403);
    expect(await linesOf('request')).toMatchObject([{ client: 'key-1', status: 403 }]);
  });

  test('is none for what anybody can ask who holds no key', async () => {
    await start();
    for (const path of ['/v1/chat/completions', '/v1/none', '/none', '/wp-login.php']) {
      await failed(rondo.fetchBare(path, { method: 'POST' }));
    }
    await failed(rondo.fetch('/v1/none'));
    await askTimes(rondo, 1);
    expect(await linesOf('request')).toMatchObject([{ status: 200 }]);
  });

  test('tells what was asked of the store, and no more', async () => {
    google = await startGoogle();
    google.addServiceAccount();
    rondo = await startRondo({ vars: google.vars(), store: true });
    const answer = await rondo.fetch('/v1/conversations', {
      method: 'POST',
      body: JSON.stringify({ metadata: { a: 'b' } }),
    });
    const { id } = (await answer.json()) as { id: string };
    await failed(rondo.fetch(`/v1/conversations/${id}/items/msg_none`));
    const lines = await linesOf('request', 2);
    expect(lines[0]).toEqual({
      time: moment,
      level: 'info',
      event: 'request',
      request: answer.headers.get('x-request-id'),
      operation: 'create_conversation',
      client: 'key-1',
      status: 200,
      ms: expect.any(Number),
    });
    expect(lines[1]).toMatchObject({ operation: 'get_item', status: 404 });
  });
});

describe('the one line of a request', () => {
  beforeEach(() => start());

  test('tells who asked for what, through whom it was served, how long it took and what it cost', async () => {
    await askTimes(rondo, 1);
    expect(await linesOf('request')).toEqual([
      {
        time: moment,
        level: 'info',
        event: 'request',
        request,
        operation: 'chat_completions',
        client: 'key-1',
        model,
        status: 200,
        ms: expect.any(Number),
        credential: 'mine',
        attempts: [{ credential: 'mine', model, class: 'ok', status: 200, ms: expect.any(Number) }],
        upstream_ms: expect.any(Number),
        prompt_tokens: expect.any(Number),
        completion_tokens: expect.any(Number),
      },
    ]);
  });

  test('has the id and the tokens that the client was told', async () => {
    const answer = await rondo.chat(ask());
    const { usage } = (await answer.json()) as { usage: JsonObject };
    const [line] = await linesOf('request');
    expect(line).toMatchObject({
      request: answer.headers.get('x-request-id'),
      prompt_tokens: usage.prompt_tokens,
      completion_tokens: usage.completion_tokens,
    });
  });

  test('comes at the end of a stream, with its tokens', async () => {
    const gate = google.holdNext({}, 1);
    const stream = { stream: true, stream_options: { include_usage: true } };
    const answer = await rondo.chat(ask('Hello, world', stream));
    await gate.reached;
    expect(rondo.events('request')).toEqual([]);
    gate.release();
    const usage = (await chunksOf(answer)).at(-1)?.usage as JsonObject;
    expect((await linesOf('request'))[0]).toMatchObject({
      status: 200,
      prompt_tokens: usage.prompt_tokens,
      completion_tokens: usage.completion_tokens,
    });
  });

  test('tells every attempt, with what Google said and when it may be asked again', async () => {
    google.fault({ credential: one }, { kind: 'minute', seconds: 90 });
    await askTimes(rondo, 1);
    const [line] = await linesOf('request');
    expect(line?.credential).toBe('yours');
    expect(line?.attempts).toEqual([
      {
        credential: 'mine',
        model,
        class: 'minute',
        reason: 'quota',
        status: 429,
        ms: expect.any(Number),
        reset: moment,
      },
      { credential: 'yours', model, class: 'ok', status: 200, ms: expect.any(Number) },
    ]);
    const [attempt] = attemptsIn(line);
    const reset = Date.parse(String(attempt?.reset)) - Date.now();
    expect(reset).toBeGreaterThan(60_000);
    expect(reset).toBeLessThanOrEqual(90_000);
  });

  test('tells an attempt that had no answer, no token, or an answer of no use', async () => {
    google.fault({ credential: one }, 'reset');
    await askTimes(rondo, 1);
    google.fault({ credential: one }, { kind: 'stream-error', after: 0, error: 'unavailable' });
    await chunksOf(rondo.chat(ask('Hello', { stream: true })));
    const classes = (await linesOf('request', 2)).map((line) =>
      attemptsIn(line).map((each) => [each.credential, each.class]),
    );
    const lost = [
      ['mine', 'transient'],
      ['yours', 'ok'],
    ];
    expect(classes).toEqual([lost, lost]);
  });

  test('is there for a request that failed, with its status', async () => {
    google.fault({}, 'day', 2);
    await failed(rondo.chat(ask()));
    const [line] = await linesOf('request');
    expect(line).toMatchObject({ level: 'info', status: 429, model });
    expect(line?.attempts).toHaveLength(2);
    expect(line).not.toHaveProperty('completion_tokens');
  });

  test('is there for a request that never got to Google, without attempts', async () => {
    await failed(rondo.chat({ model, messages: [] }));
    const [line] = await linesOf('request');
    expect(line).toMatchObject({ status: 400, client: 'key-1' });
    expect(line).not.toHaveProperty('attempts');
    expect(line).not.toHaveProperty('upstream_ms');
  });

  test('is one line for each of many that run at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => askTimes(rondo, 1)));
    const ids = (await linesOf('request', 8)).map((line) => line.request);
    expect(new Set(ids).size).toBe(8);
  });
});

describe('a change of state is told by one line', () => {
  beforeEach(() => start());

  const changes = () =>
    ['credential_cooling', 'model_resting', 'credential_quarantined', 'model_fallback'].flatMap(
      (event) => rondo.events(event),
    );

  test('credential_cooling, with credential, model, reason, end and quota', async () => {
    google.fault({ credential: one }, { kind: 'minute', seconds: 90 });
    await askTimes(rondo, 2);
    const cooling = {
      time: moment,
      level: 'warn',
      event: 'credential_cooling',
      request,
      credential: 'mine',
      model,
      reason: 'minute',
      until: moment,
      quota: 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier',
    };
    expect(changes()).toEqual([cooling]);
  });

  test('model_resting, with model, reason and end', async () => {
    google.fault({}, 'no-details', 2);
    await failed(rondo.chat(ask()));
    const common = { time: moment, level: 'warn', request, model, reason: 'capacity' };
    expect(changes()).toEqual([
      { ...common, event: 'credential_cooling', credential: 'mine', until: moment },
      { ...common, event: 'credential_cooling', credential: 'yours', until: moment },
      { ...common, event: 'model_resting', until: moment },
    ]);
    const until = Date.parse(String(changes()[2]?.until)) - Date.now();
    expect(until).toBeLessThanOrEqual(5000);
    expect(until).toBeGreaterThan(2000);
  });

  test('model_resting too when all attempts failed at Google', async () => {
    google.fault({}, 'internal', 2);
    await failed(rondo.chat(ask()));
    expect(changes()).toEqual([
      expect.objectContaining({ event: 'model_resting', model, reason: 'upstream_failing' }),
    ]);
  });

  test('credential_quarantined, with credential, reason and remedy', async () => {
    google.removeRole(two);
    await askTimes(rondo, 4);
    expect(changes()).toEqual([
      {
        time: moment,
        level: 'warn',
        event: 'credential_quarantined',
        request,
        credential: 'yours',
        reason: 'iam_permission_denied',
        remedy: expect.stringContaining('sim-project-2'),
      },
    ]);
  });

  test('however many requests find it out at once', async () => {
    await askTimes(rondo, 2);
    google.suspend(one);
    await Promise.all(Array.from({ length: 6 }, () => askTimes(rondo, 1)));
    expect(changes()).toHaveLength(1);
  });

  test('and none for what changes nothing', async () => {
    google.fault({ credential: one }, 'unavailable');
    google.fault({ credential: two }, 'unauthenticated');
    await askTimes(rondo, 2);
    google.fault({}, 'invalid');
    await failed(rondo.chat(ask()));
    await linesOf('request', 3);
    expect(changes()).toEqual([]);
  });
});

test('a turn to another model is told by one line, and each attempt by its model', async () => {
  await start({ MODEL_FALLBACKS: JSON.stringify({ [model]: otherModel }) });
  google.fault({ model }, 'no-details', 2);
  await askTimes(rondo, 1);
  await expect
    .poll(() => rondo.events('model_fallback'))
    .toEqual([
      {
        time: moment,
        level: 'info',
        event: 'model_fallback',
        request,
        from: model,
        to: otherModel,
      },
    ]);
  const [line] = await linesOf('request');
  expect(line).toMatchObject({ model, status: 200 });
  expect(attemptsIn(line).map((each) => each.model)).toEqual([model, model, otherModel]);
});

test('a client that leaves changes nothing and so leaves no line but its own', async () => {
  await start();
  const gate = google.holdNext();
  const client = new LeavingClient(rondo, ask());
  const call = await gate.reached;
  client.leave();
  await call.closed;
  await askTimes(rondo, 2);
  const [left] = await linesOf('request', 3);
  expect(left).toMatchObject({ level: 'info', status: 499, client_left: 'before_answer' });
  const levels = rondo.logs.map((line) => (JSON.parse(line) as JsonObject).level);
  expect(levels).not.toContain('warn');
  expect(levels).not.toContain('error');
});
