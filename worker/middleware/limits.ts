import type { Gate } from '../arrival.ts';
import { Log } from '../core/log.ts';
import { limitFields, limitReached, reachedLimit } from '../limits/answer.ts';
import { Meter } from '../limits/meter.ts';

let meterOfIsolate: Meter | undefined;

/**
 * Holds a client to the limits of its key, and tells it in every answer how much is left. Whoever has
 * none is passed on at once.
 */
export const holdToLimits: Gate = async (arrival) => {
  const { holder, env } = arrival;
  if (!holder?.limits) return undefined;
  const { name, limits } = holder;
  meterOfIsolate ??= new Meter(env.POOL, new Log(env.LOG_LEVEL));
  const meter = meterOfIsolate;
  const { isAdmitted, tally } = await meter.admit(name, limits);
  const now = Date.now();
  arrival.fields = limitFields(tally, limits, now);
  if (!isAdmitted) {
    const failure = limitReached(tally, limits, now);
    arrival.logAnswered('refuse', failure.status, { limit: reachedLimit(tally, limits) });
    return arrival.refuse(failure);
  }
  if (limits.tokens_per_minute !== undefined || limits.tokens_per_day !== undefined) {
    arrival.spent = (tokens) => arrival.waitUntil(meter.charge(name, tokens));
  }
  return undefined;
};
