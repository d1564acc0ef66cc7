import { describe, expect, it } from 'vitest';
import {
  askGemini,
  askVertex,
  assertion,
  hello,
  jwtBearer,
  postForm,
  read,
  refreshForm,
  sseEvents,
  start,
} from './support.ts';

const streamed = 'gemini-3.8-flash:streamGenerateContent?alt=sse';

describe('the record', () => {
  it('tells of each call who made it, for what, and what came of it', async () => {
    const simulator = await start();
    const account = simulator.addServiceAccount();
    await (await askVertex(simulator, account)).text();
    expect(simulator.calls).toMatchObject([
      {
        kind: 'token',
        backend: 'oauth',
        credential: 'sim-account-1',
        method: 'jwt-bearer',
        status: 200,
      },
      {
        kind: 'generate',
        backend: 'vertex',
        credential: 'sim-account-1',
        credentialKind: 'service_account',
        project: 'sim-project-1',
        location: 'global',
        model: 'gemini-3.8-flash',
        method: 'generateContent',
        status: 200,
        body: hello,
        headers: { 'content-type': 'application/json' },
      },
    ]);
  });

  it('tells of refused calls too, and of those of nobody', async () => {
    const simulator = await start();
    const headers = { 'x-goog-api-key': 'guess' };
    await askGemini(simulator, simulator.addApiKey(), undefined, { headers });
    expect(simulator.calls).toMatchObject([{ kind: 'generate', credential: null, status: 400 }]);
  });

  it('keeps what a model answered, and nothing of a refusal', async () => {
    const simulator = await start();
    const account = simulator.addApiKey();
    simulator.fault({}, 'internal');
    await (await askGemini(simulator, account, streamed)).text();
    const answer = await (await askGemini(simulator, account, streamed)).text();
    expect(simulator.calls.map((call) => call.answer)).toEqual([null, answer]);
  });

  it('counts the calls that fit', async () => {
    const simulator = await start();
    const [account, other] = [simulator.addApiKey(), simulator.addApiKey()];
    for (const who of [account, other, other]) await askGemini(simulator, who);
    expect(simulator.count()).toBe(3);
    expect(simulator.count({ credential: other.name })).toBe(2);
    expect(simulator.count({ where: ({ path }) => path.includes('stream') })).toBe(0);
  });

  it('lets a test wait for the next call that fits', async () => {
    const simulator = await start();
    const account = simulator.addServiceAccount();
    const next = simulator.nextCall({ kind: 'generate' });
    await askVertex(simulator, account);
    expect((await next).method).toBe('generateContent');
  });

  it('is empty after a reset, with faults, quotas and injuries forgotten', async () => {
    const simulator = await start({ quotas: { perMinute: 1 } });
    const account = simulator.addApiKey();
    await askGemini(simulator, account);
    simulator.fault({}, 'internal');
    simulator.suspend(account);
    simulator.disableApi(account.project);
    simulator.reset();
    expect(simulator.calls).toEqual([]);
    expect((await askGemini(simulator, account)).status).toBe(200);
  });
});

describe('a gate', () => {
  it('holds the first byte until it is released', async () => {
    const simulator = await start();
    const gate = simulator.holdNext();
    const asked = askGemini(simulator, simulator.addApiKey());
    const call = await gate.reached;
    expect([call.status, call.end]).toEqual([null, null]);
    gate.release();
    expect((await asked).status).toBe(200);
  });

  it('holds a stream after so many events', async () => {
    const simulator = await start();
    const gate = simulator.holdNext({}, 2);
    const response = await askGemini(simulator, simulator.addApiKey(), streamed);
    await gate.reached;
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (sseEvents(text).length < 2) text += (await reader?.read())?.value ?? '';
    expect(sseEvents(text)).toHaveLength(2);
    gate.release();
    for (;;) {
      const piece = await reader?.read();
      if (piece?.done !== false) break;
      text += piece.value;
    }
    expect(text).toContain('"finishReason": "STOP"');
  });

  it('holds the end of a stream that has fewer events', async () => {
    const simulator = await start();
    const gate = simulator.holdNext({}, 1000);
    const asked = askGemini(simulator, simulator.addApiKey(), streamed).then(read);
    const call = await gate.reached;
    expect(call).toMatchObject({ status: 200, end: null });
    gate.release();
    expect((await asked).text).toContain('STOP');
  });

  it('holds a token call', async () => {
    const simulator = await start();
    const account = simulator.addAuthorizedUser();
    const gate = simulator.holdNext({ kind: 'token' });
    const asked = postForm(simulator, refreshForm(account));
    await gate.reached;
    gate.release();
    expect((await asked).status).toBe(200);
  });

  it('holds the token endpoint when the filter names its back-end alone', async () => {
    const simulator = await start();
    const account = simulator.addServiceAccount();
    const gate = simulator.holdNext({ backend: 'oauth', credential: account.name });
    const asked = jwtBearer(simulator, assertion(account));
    expect((await gate.reached).kind).toBe('token');
    gate.release();
    expect((await asked).status).toBe(200);
  });

  it('shows that a caller gave up while its token was held', async () => {
    const simulator = await start();
    const gate = simulator.holdNext({ kind: 'token' });
    const abort = new AbortController();
    const body = new URLSearchParams(refreshForm(simulator.addAuthorizedUser()));
    const asked = fetch(simulator.tokenUrl, { method: 'POST', body, signal: abort.signal });
    const call = await gate.reached;
    abort.abort();
    await expect(asked).rejects.toThrow('aborted');
    await call.closed;
    expect(call).toMatchObject({ status: null, end: 'aborted' });
  });

  it('is passed by calls that do not fit', async () => {
    const simulator = await start();
    const [account, other] = [simulator.addApiKey(), simulator.addApiKey()];
    simulator.holdNext({ credential: other.name });
    expect((await askGemini(simulator, account)).status).toBe(200);
  });

  it('shows that a caller gave up before the first byte', async () => {
    const simulator = await start();
    const gate = simulator.holdNext();
    const abort = new AbortController();
    const { signal } = abort;
    const asked = askGemini(simulator, simulator.addApiKey(), streamed, { signal });
    const call = await gate.reached;
    abort.abort();
    await expect(asked).rejects.toThrow('aborted');
    await call.closed;
    expect(call).toMatchObject({ status: null, end: 'aborted' });
  });

  it('shows that a caller gave up in the middle of a stream', async () => {
    const simulator = await start();
    const gate = simulator.holdNext({}, 1);
    const abort = new AbortController();
    const { signal } = abort;
    const account = simulator.addApiKey();
    const response = await askGemini(simulator, account, streamed, { signal });
    const call = await gate.reached;
    abort.abort();
    await expect(response.text()).rejects.toThrow('aborted');
    await call.closed;
    expect(await call.ended).toBe('aborted');
  });
});

it('tells a call that ended well', async () => {
  const simulator = await start();
  await jwtBearer(simulator, assertion(simulator.addServiceAccount()));
  expect(await simulator.calls[0]?.ended).toBe('finished');
});
