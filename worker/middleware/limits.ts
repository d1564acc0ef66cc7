import { createMiddleware } from 'hono/factory';
import type { App } from '../app.ts';
import { Log } from '../core/log.ts';
import { refusalOf } from '../dialects.ts';
import { limitFields, limitReached } from '../limits/answer.ts';
import { Meter } from '../limits/meter.ts';

let meterOfIsolate: Meter | undefined;

/**
 * Holds a client to the limits of its key, and tells it in every answer how much is left. Whoever has
 * none is passed on at once.
 */
export const holdToLimits = createMiddleware<App>(async (c, next) => {
  const { holder } = c.var;
  if (!holder?.limits) return next();
  const { name, limits } = holder;
  meterOfIsolate ??= new Meter(c.env.POOL, new Log(c.env.LOG_LEVEL));
  const meter = meterOfIsolate;
  const { isAdmitted, tally } = await meter.admit(name, limits);
  const now = Date.now();
  if (isAdmitted) {
    if (limits.tokens_per_minute !== undefined || limits.tokens_per_day !== undefined) {
      c.set('spent', (tokens) => c.executionCtx.waitUntil(meter.charge(name, tokens)));
    }
    await next();
  } else {
    c.res = refusalOf(c.req.raw, c.var.requestId)(limitReached(tally, limits, now));
  }
  for (const [field, value] of Object.entries(limitFields(tally, limits, now))) {
    c.res.headers.set(field, value);
  }
  return undefined;
});
