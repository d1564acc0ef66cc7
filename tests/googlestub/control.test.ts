import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { flash, streamed, whole } from './samples.ts';
import { askGemini, askVertex, post, read, sseEvents, start } from './support.ts';

describe('the control endpoints', () => {
  const url = (stub: GoogleStub, name: string): string => `${stub.url}/__stub/${name}`;
  const change = async (stub: GoogleStub, name: string, body: object): Promise<unknown> =>
    (await post(url(stub, name), { body })).json();
  const look = async (stub: GoogleStub, name: string): Promise<unknown> =>
    (await fetch(url(stub, name))).json();

  it('make accounts and show their secrets', async () => {
    const stub = await start();
    const body = { kind: 'api_key', count: 2, options: { project: 'shared' } };
    await change(stub, 'accounts', body);
    expect(stub.accounts.map(({ project }) => project)).toEqual(['shared', 'shared']);
    const secrets = stub.accounts.map(({ secret }) => ({ secret }));
    expect(await look(stub, 'accounts')).toMatchObject(secrets);
    expect(await look(stub, 'vars')).toEqual(stub.vars());
  });

  it('injure accounts and heal them', async () => {
    const stub = await start();
    const account = stub.addApiKey();
    await change(stub, 'account', { name: account.name, change: 'suspend' });
    expect((await askGemini(stub, account)).status).toBe(403);
    await change(stub, 'account', { name: account.name, change: 'restore' });
    expect((await askGemini(stub, account)).status).toBe(200);
    const wrong = await post(url(stub, 'account'), { body: { name: account.name } });
    expect(wrong.status).toBe(400);
  });

  it('lay faults in store and show calls', async () => {
    const stub = await start();
    const account = stub.addApiKey();
    const fault = { kind: 'minute', seconds: 5 };
    await change(stub, 'faults', { filter: { credential: account.name }, fault, times: 1 });
    await askGemini(stub, account);
    await askGemini(stub, account);
    expect(await look(stub, 'calls?kind=generate')).toMatchObject([
      { credential: account.name, status: 429, fault: 'minute' },
      { credential: account.name, status: 200, fault: null },
    ]);
    expect(await look(stub, 'calls?kind=token')).toEqual([]);
  });

  it('give stored content away, and choose how it is refused', async () => {
    const stub = await start();
    const account = stub.addServiceAccount({ project: 'mine' });
    const fileData = { fileUri: 'gs://others/a.png', mimeType: 'image/png' };
    const body = { contents: [{ role: 'user', parts: [{ fileData }] }] };
    const ask = async () => read(await askVertex(stub, account, whole, { body }));
    await change(stub, 'stored', { bucketStyle: 'plain' });
    expect((await ask()).text).toContain('The caller does not have permission');
    await change(stub, 'stored', { project: 'mine', name: 'gs://others/' });
    expect((await ask()).status).toBe(200);
    const wrong = await post(url(stub, 'stored'), { body: { bucketStyle: 'kind' } });
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('detailed')]);
  });

  it('lay answers in store', async () => {
    const stub = await start();
    const answer = { bytes: 'anything', status: 201 };
    await change(stub, 'answers', { filter: { model: flash }, answer });
    const got = await read(await askGemini(stub, stub.addApiKey()));
    expect(got).toMatchObject({ status: 201, text: 'anything' });
  });

  it('set quotas, move the clock and reset', async () => {
    const now = Date.parse('2026-11-24T10:00:00Z');
    const stub = await start({ now: () => now });
    const account = stub.addApiKey();
    const status = async (): Promise<number> => (await askGemini(stub, account)).status;
    await change(stub, 'quota', { perMinute: 1 });
    expect([await status(), await status()]).toEqual([200, 429]);
    expect(await change(stub, 'clock', { advance: 60_000 })).toEqual({ now: now + 60_000 });
    expect([await status(), await status()]).toEqual([200, 429]);
    await change(stub, 'reset', {});
    expect(await status()).toBe(200);
  });

  it('name what they know when asked for something else', async () => {
    const stub = await start();
    const response = await fetch(url(stub, 'anything'));
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('POST faults');
  });
});

describe('the benchmark mode', () => {
  it('answers so many events of so many characters', async () => {
    const stub = await start();
    const account = stub.addApiKey();
    stub.setBench({ events: 5, bytes: 100 });
    const events = sseEvents((await read(await askGemini(stub, account, streamed))).text);
    expect(events).toHaveLength(5);
    expect(events[3]).not.toHaveProperty('candidates[0].finishReason');
    expect(events[4]).toMatchObject({
      candidates: [
        { finishReason: 'STOP', content: { parts: [{ text: expect.stringMatching(/^.{100}$/) }] } },
      ],
    });
    const { json } = await read(await askGemini(stub, account, whole));
    expect(json).toMatchObject({
      candidates: [{ content: { parts: [{ text: expect.stringMatching(/^.{500}$/) }] } }],
    });
  });

  it('can pause between events', async () => {
    const stub = await start();
    stub.setBench({ events: 3, bytes: 10, interval: 1 });
    const { text } = await read(await askGemini(stub, stub.addApiKey(), streamed));
    expect(sseEvents(text)).toHaveLength(3);
  });

  it('keeps no record, but still wants a credential', async () => {
    const stub = await start();
    stub.setBench({ events: 1, bytes: 1 });
    const headers = { authorization: 'Bearer guess' };
    const refused = await askVertex(stub, stub.addServiceAccount(), whole, { headers });
    expect(refused.status).toBe(401);
    await askGemini(stub, stub.addApiKey());
    expect(stub.count({ kind: 'generate', backend: 'gemini' })).toBe(0);
  });

  it('ends when it is set to null', async () => {
    const stub = await start();
    stub.setBench({ events: 1, bytes: 1 });
    stub.setBench(null);
    const { text } = await read(await askGemini(stub, stub.addApiKey()));
    expect(text).toContain('You said: Hello, world');
  });
});

describe('the command', () => {
  const main = join(import.meta.dirname, '../../scripts/googlestub/main.ts');

  it('starts a stub with credentials, prints them as JSON and ends on SIGTERM', async () => {
    const child = spawn(process.execPath, [main, '--json', '--accounts', '2'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { url, vars } = JSON.parse(line) as { url: string; vars: Record<string, string> };
    expect(vars.OAUTH_TOKEN_URL).toBe(`${url}/token`);
    expect(JSON.parse(vars.GCP_SERVICE_ACCOUNT_2 ?? '')).toMatchObject({ type: 'service_account' });
    expect((await fetch(`${url}/__stub/calls`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('explains itself when an option is wrong', async () => {
    const child = spawn(process.execPath, [main, '--port', 'x'], { stdio: 'pipe' });
    const [text] = (await once(child.stderr, 'data')) as [Buffer];
    expect(text.toString()).toContain('"x" is no whole number');
    expect(await once(child, 'exit')).toEqual([1, null]);
  });
});
