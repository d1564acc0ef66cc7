import { describe, expect, it } from 'vitest';
import { flash, hello, streamed } from './samples.ts';
import {
  askGemini,
  askVertex,
  assertion,
  jwtBearer,
  postForm,
  read,
  refreshForm,
  sseEvents,
  start,
} from './support.ts';

describe('the record', () => {
  it('tells of each call who made it, for what, and what came of it', async () => {
    const stub = await start();
    const account = stub.addServiceAccount();
    await (await askVertex(stub, account)).text();
    expect(stub.calls).toMatchObject([
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
        model: flash,
        method: 'generateContent',
        status: 200,
        body: hello,
        headers: { 'content-type': 'application/json' },
      },
    ]);
  });

  it('tells of refused calls too, and of those of nobody', async () => {
    const stub = await start();
    const headers = { 'x-goog-api-key': 'guess' };
    await askGemini(stub, stub.addApiKey(), undefined, { headers });
    expect(stub.calls).toMatchObject([{ kind: 'generate', credential: null, status: 400 }]);
  });

  it('keeps what a model answered, and nothing of a refusal', async () => {
    const stub = await start();
    const account = stub.addApiKey();
    stub.fault({}, 'internal');
    await (await askGemini(stub, account, streamed)).text();
    const answer = await (await askGemini(stub, account, streamed)).text();
    expect(stub.calls.map((call) => call.answer)).toEqual([null, answer]);
  });

  it('counts the calls that fit', async () => {
    const stub = await start();
    const [account, other] = [stub.addApiKey(), stub.addApiKey()];
    for (const who of [account, other, other]) await askGemini(stub, who);
    expect(stub.count()).toBe(3);
    expect(stub.count({ credential: other.name })).toBe(2);
    expect(stub.count({ where: ({ path }) => path.includes('stream') })).toBe(0);
  });

  it('lets a test wait for the next call that fits', async () => {
    const stub = await start();
    const account = stub.addServiceAccount();
    const next = stub.nextCall({ kind: 'generate' });
    await askVertex(stub, account);
    expect((await next).method).toBe('generateContent');
  });

  it('is empty after a reset, with faults, quotas and injuries forgotten', async () => {
    const stub = await start({ quotas: { perMinute: 1 } });
    const account = stub.addApiKey();
    await askGemini(stub, account);
    stub.fault({}, 'internal');
    stub.suspend(account);
    stub.disableApi(account.project);
    stub.reset();
    expect(stub.calls).toEqual([]);
    expect((await askGemini(stub, account)).status).toBe(200);
  });
});

describe('a gate', () => {
  it('holds the first byte until it is released', async () => {
    const stub = await start();
    const gate = stub.holdNext();
    const asked = askGemini(stub, stub.addApiKey());
    const call = await gate.reached;
    expect([call.status, call.end]).toEqual([null, null]);
    gate.release();
    expect((await asked).status).toBe(200);
  });

  it('holds a stream after so many events', async () => {
    const stub = await start();
    const gate = stub.holdNext({}, 2);
    const response = await askGemini(stub, stub.addApiKey(), streamed);
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
    const stub = await start();
    const gate = stub.holdNext({}, 1000);
    const asked = askGemini(stub, stub.addApiKey(), streamed).then(read);
    const call = await gate.reached;
    expect(call).toMatchObject({ status: 200, end: null });
    gate.release();
    expect((await asked).text).toContain('STOP');
  });

  it('holds a token call', async () => {
    const stub = await start();
    const account = stub.addAuthorizedUser();
    const gate = stub.holdNext({ kind: 'token' });
    const asked = postForm(stub, refreshForm(account));
    await gate.reached;
    gate.release();
    expect((await asked).status).toBe(200);
  });

  it('holds the token endpoint when the filter names its back-end alone', async () => {
    const stub = await start();
    const account = stub.addServiceAccount();
    const gate = stub.holdNext({ backend: 'oauth', credential: account.name });
    const asked = jwtBearer(stub, assertion(account));
    expect((await gate.reached).kind).toBe('token');
    gate.release();
    expect((await asked).status).toBe(200);
  });

  it('shows that a caller gave up while its token was held', async () => {
    const stub = await start();
    const gate = stub.holdNext({ kind: 'token' });
    const abort = new AbortController();
    const body = new URLSearchParams(refreshForm(stub.addAuthorizedUser()));
    const asked = fetch(stub.tokenUrl, { method: 'POST', body, signal: abort.signal });
    const call = await gate.reached;
    abort.abort();
    await expect(asked).rejects.toThrow('aborted');
    await call.closed;
    expect(call).toMatchObject({ status: null, end: 'aborted' });
  });

  it('is passed by calls that do not fit', async () => {
    const stub = await start();
    const [account, other] = [stub.addApiKey(), stub.addApiKey()];
    stub.holdNext({ credential: other.name });
    expect((await askGemini(stub, account)).status).toBe(200);
  });

  it('shows that a caller gave up before the first byte', async () => {
    const stub = await start();
    const gate = stub.holdNext();
    const abort = new AbortController();
    const { signal } = abort;
    const asked = askGemini(stub, stub.addApiKey(), streamed, { signal });
    const call = await gate.reached;
    abort.abort();
    await expect(asked).rejects.toThrow('aborted');
    await call.closed;
    expect(call).toMatchObject({ status: null, end: 'aborted' });
  });

  it('shows that a caller gave up in the middle of a stream', async () => {
    const stub = await start();
    const gate = stub.holdNext({}, 1);
    const abort = new AbortController();
    const { signal } = abort;
    const account = stub.addApiKey();
    const response = await askGemini(stub, account, streamed, { signal });
    const call = await gate.reached;
    abort.abort();
    await expect(response.text()).rejects.toThrow('aborted');
    await call.closed;
    expect(await call.ended).toBe('aborted');
  });
});

it('tells a call that ended well', async () => {
  const stub = await start();
  await jwtBearer(stub, assertion(stub.addServiceAccount()));
  expect(await stub.calls[0]?.ended).toBe('finished');
});
