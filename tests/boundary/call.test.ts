import { expect, test } from 'vitest';
import { Call } from '../../worker/core/call.ts';
import type { Instance } from '../../worker/core/instance.ts';
import { Log } from '../../worker/core/log.ts';
import { Room } from '../../worker/core/room.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

test('a head that makes no response fails its own request, and nothing else', async () => {
  const context = {
    kv: undefined,
    pool: undefined,
    share: new Room(0).share(),
    log: new Log('info'),
    waitUntil: () => {},
  };
  const call = new Call({} as Instance, context, { finished: () => {}, drop: () => {} });
  const head = { status: 200, headers: { 'x-rondo-model': 'two\nlines' } };
  call.respond({ head, body: new Uint8Array() });
  const answer = await call.response;
  expect(answer.status).toBe(500);
  expect(await answer.json()).toMatchObject({ error: { code: 'internal_error' } });
});
