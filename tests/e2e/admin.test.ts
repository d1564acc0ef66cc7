// The operator's way in.
import { beforeAll, describe, expect, test } from 'vitest';
import { ask, failed } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

const adminKey = 'admin-7c1f0e55d9';
const path = '/admin/api/credentials/main/reset';

let rondo: Rondo;

beforeAll(async () => {
  rondo = await startRondo({ vars: { ADMIN_API_KEY: adminKey } });
});

const reset = (of: Rondo, key: string, where = path) =>
  of.fetch(where, { method: 'POST', headers: { authorization: `Bearer ${key}` } });

describe('the reset of a credential', () => {
  test('is not there when no admin key is set', async () => {
    const closed = await startRondo();
    expect((await reset(closed, adminKey)).status).toBe(404);
  });

  test('is not there when the admin key cannot be read, which the log tells', async () => {
    const broken = await startRondo({ vars: { ADMIN_API_KEY: true } });
    for (const key of ['true', adminKey]) expect((await reset(broken, key)).status).toBe(404);
    await expect
      .poll(() => broken.events('admin_key_unreadable'))
      .toEqual([
        expect.objectContaining({ level: 'error', fault: 'ADMIN_API_KEY: is not a text' }),
      ]);
  });

  test('is refused without the admin key', async () => {
    expect((await reset(rondo, 'another')).status).toBe(401);
    expect((await rondo.fetchBare(path, { method: 'POST' })).status).toBe(401);
  });

  test('names what it does not find', async () => {
    const answer = await reset(rondo, adminKey);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: 'credential_not_found' } });
  });

  test('brings one back whose day was spent', async () => {
    const google = await startGoogle();
    const account = google.addApiKey();
    const fresh = await startRondo({ vars: { ...google.vars(), ADMIN_API_KEY: adminKey } });
    google.fault({ credential: account.name }, 'day');
    const { status, headers } = await failed(fresh.chat(ask()));
    expect(status).toBe(429);
    const alias = headers.get('x-rondo-credential');
    const answer = await reset(fresh, adminKey, `/admin/api/credentials/${alias}/reset`);
    expect(await answer.json()).toMatchObject({ credential: alias, state: 'ready' });
    expect((await fresh.chat(ask())).status).toBe(200);
  });
});
