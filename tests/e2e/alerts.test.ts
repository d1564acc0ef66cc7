// What an operator is woken for.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { ask, askTimes, failed, model } from '../support/chat.ts';
import { type Rondo, startGoogle, startPair, startRondo } from '../support/rondo.ts';

const one = 'sim-account-1';
const adminKey = 'admin-7c1f0e55d9';
const secretPath = 'canary-of-the-hook';

let google: GoogleStub;
let server: Server;
let status: number;
let posts: JsonObject[];
let vars: Record<string, string>;

beforeEach(async () => {
  google = await startGoogle();
  google.addServiceAccounts(2);
  posts = [];
  status = 204;
  server = createServer((request, response) => {
    void text(request).then((body) => {
      posts.push(JSON.parse(body) as JsonObject);
      response.writeHead(status).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/${secretPath}`;
  vars = {
    ...(google.vars() as Record<string, string>),
    ADMIN_API_KEY: adminKey,
    ALERT_WEBHOOK_URL: url,
  };
});

afterEach(() => void server.close());

const events = () => posts.map(({ event }) => event);

const reset = (rondo: Rondo, alias: unknown) =>
  rondo.fetchBare(`/admin/api/credentials/${alias}/reset`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}` },
  });

describe('the webhook is told', () => {
  test('that a credential is in quarantine, with the remedy, and that it is well again', async () => {
    const rondo = await startRondo({ vars });
    google.fault({ credential: one }, 'service-disabled');
    await askTimes(rondo, 1);
    await expect.poll(events).toEqual(['credential_quarantined']);
    expect(posts[0]?.text).toContain('Enable the API');
    await reset(rondo, posts[0]?.subject);
    await expect.poll(events).toEqual(['credential_quarantined', 'credential_well']);
  });

  test('that the last credential of a model has spent its day', async () => {
    const rondo = await startRondo({ vars });
    google.fault({}, 'day', 2);
    await failed(rondo.chat(ask()));
    await expect.poll(events).toEqual(['model_spent']);
    expect(posts[0]?.subject).toBe(model);
  });

  test('by one isolate alone where they share the object', async () => {
    const [first, second] = await startPair({ vars, pool: true });
    google.fault({}, 'day', 2);
    await failed(first.chat(ask()));
    await expect.poll(events).toEqual(['model_spent']);
    for (const rondo of [first, second]) await reset(rondo, (await aliases(rondo))[0]);
    google.fault({}, 'day', 2);
    await failed(second.chat(ask()));
    await expect.poll(async () => (await second.state()).openOps).toBe(0);
    expect(events()).toEqual(['model_spent']);
  });

  test('that a credential is out once more, also where isolates share the object', async () => {
    const rondo = await startRondo({ vars, pool: true });
    const told = ['credential_quarantined', 'credential_well', 'credential_quarantined'];
    google.fault({ credential: one }, 'service-disabled');
    await askTimes(rondo, 1);
    await expect.poll(events).toEqual(told.slice(0, 1));
    await reset(rondo, posts[0]?.subject);
    await expect.poll(events).toEqual(told.slice(0, 2));
    google.fault({ credential: one }, 'service-disabled');
    await askTimes(rondo, 2);
    await expect.poll(events).toEqual(told);
  });

  test('nothing while all goes well', async () => {
    const rondo = await startRondo({ vars });
    await askTimes(rondo, 3);
    await expect.poll(async () => (await rondo.state()).openOps).toBe(0);
    expect(posts).toEqual([]);
  });
});

test('a webhook that fails costs a line of the log, which hides its address', async () => {
  status = 500;
  const rondo = await startRondo({ vars });
  google.fault({ credential: one }, 'service-disabled');
  await askTimes(rondo, 2);
  await expect.poll(() => rondo.events('alert_failed')).toMatchObject([{ status: 500 }]);
  expect(rondo.logs.join()).not.toContain(secretPath);
});

async function aliases(rondo: Rondo): Promise<string[]> {
  const headers = { authorization: `Bearer ${adminKey}` };
  const answer = await rondo.fetchBare('/admin/api/pool', { headers });
  const { credentials } = (await answer.json()) as { credentials: { alias: string }[] };
  return credentials.map(({ alias }) => alias);
}
