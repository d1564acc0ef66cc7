import { expect, test, vi } from 'vitest';
import { hello, spoken } from '../support/conversation.ts';
import { builtModule } from '../support/machine.ts';
import { MemoryKv, ServedCore } from '../support/served.ts';
import { keyFile } from '../support/serviceaccount.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

const grant = { access_token: 'ya29.shared', expires_in: 3599, token_type: 'Bearer' };

/** Google, whose token endpoint answers when it is let. Gives back how often that was asked. */
function standInForGoogle(granted: Promise<unknown>): { readonly tokens: () => number } {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    if (!url.includes('oauth2')) return Response.json(spoken('Hi'));
    await granted;
    return Response.json(grant);
  });
  return { tokens: () => asked.filter((url) => url.includes('oauth2')).length };
}

/** Timers that never end: whoever goes on was woken. */
function stopTimers(): { readonly waiting: () => number } {
  const wait = vi.fn(() => new Promise<void>(() => {}));
  vi.stubGlobal('scheduler', { wait });
  return { waiting: () => wait.mock.calls.length };
}

async function serve(): Promise<ServedCore> {
  const env = { GCP_SERVICE_ACCOUNT_1: keyFile(), GEMINI_CLI_KV: new MemoryKv().binding };
  return new ServedCore(await builtModule(), { ...env, LOG_LEVEL: 'error' });
}

test('requests that wait are woken by the one that reads or mints for them, not by a timer', async () => {
  const { waiting } = stopTimers();
  const granted = Promise.withResolvers<void>();
  const { tokens } = standInForGoogle(granted.promise);
  const served = await serve();
  const asked = [1, 2, 3].map(() => served.send('chat_completions', JSON.stringify(hello)));
  // The two others have waited for the pool's state before.
  await vi.waitFor(() => expect([tokens(), waiting()]).toEqual([1, 4]));
  granted.resolve();
  for (const answer of await Promise.all(asked)) expect(answer.status).toBe(200);
  expect(tokens()).toBe(1);
  expect(served.core.openOps()).toBe(0);
});

test('one that waits may leave without harm to the one that mints', async () => {
  stopTimers();
  const granted = Promise.withResolvers<void>();
  const { tokens } = standInForGoogle(granted.promise);
  const served = await serve();
  const first = served.send('chat_completions', JSON.stringify(hello));
  await vi.waitFor(() => expect(tokens()).toBe(1));
  const client = new AbortController();
  void served.send('chat_completions', JSON.stringify(hello), client.signal);
  // Each waits for one thing, beside the timer of its patience.
  await vi.waitFor(() => expect(served.core.openOps()).toBe(4));
  client.abort();
  expect(served.core.openOps()).toBe(2);
  granted.resolve();
  expect((await first).status).toBe(200);
  expect(served.core.openOps()).toBe(0);
});
