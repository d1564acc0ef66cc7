// How a client is told of its limits: OpenAI's header fields, and the refusal.
import { bounds } from '../core/bounds.ts';
import type { Failure } from '../errors.ts';
import { type LimitName, type Limits, resetOf, spentOf, type Tally } from './tally.ts';

type Unit = 'requests' | 'tokens';
const units: Readonly<Record<Unit, readonly [LimitName, LimitName]>> = {
  requests: ['requests_per_minute', 'requests_per_day'],
  tokens: ['tokens_per_minute', 'tokens_per_day'],
};

/** As OpenAI writes it: "850ms", "7s", "6m0s", "23h59m59s". */
export const durationText = (ms: number): string => {
  if (ms < 1000) return `${Math.max(0, ms)}ms`;
  const seconds = Math.ceil(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const ofHours = hours > 0 ? `${hours}h${minutes}m` : '';
  return `${ofHours || (minutes > 0 ? `${minutes}m` : '')}${seconds % 60}s`;
};

/** What is left of a limit. */
const leftOf = ({ used }: Tally, limits: Limits, name: LimitName): number =>
  Math.max(0, (limits[name] ?? 0) - used[name]);

/** Of a minute's limit and a day's, the one of which less is left. */
const tighter = (tally: Tally, limits: Limits, unit: Unit): LimitName | undefined => {
  const [minute, day] = units[unit].filter((name) => limits[name] !== undefined);
  if (minute === undefined || day === undefined) return minute;
  return leftOf(tally, limits, day) < leftOf(tally, limits, minute) ? day : minute;
};

/** `x-ratelimit-*` for each unit that is limited. */
export const limitFields = (tally: Tally, limits: Limits, now: number): Record<string, string> => {
  const fields: Record<string, string> = {};
  for (const unit of ['requests', 'tokens'] as const) {
    const name = tighter(tally, limits, unit);
    if (!name) continue;
    fields[`x-ratelimit-limit-${unit}`] = String(limits[name]);
    fields[`x-ratelimit-remaining-${unit}`] = String(leftOf(tally, limits, name));
    fields[`x-ratelimit-reset-${unit}`] = durationText(resetOf(tally, name) - now);
  }
  return fields;
};

const { longestRetryMs, longestSleepMs } = bounds;

const retryFields = (ms: number, reset: number): Record<string, string> => ({
  'x-rondo-reset': new Date(reset).toISOString(),
  ...(ms > longestRetryMs && { 'x-should-retry': 'false' }),
  ...(ms <= longestSleepMs && { 'retry-after': String(Math.ceil(ms / 1000)) }),
});

/** Of the limits that are used up, the last to begin anew: the others must have done so, too. */
export const reachedLimit = (tally: Tally, limits: Limits): LimitName =>
  spentOf(tally, limits).reduce((a, b) => (resetOf(tally, b) > resetOf(tally, a) ? b : a));

/** The refusal of a client that has used up what it may. */
export const limitReached = (tally: Tally, limits: Limits, now: number): Failure => {
  const name = reachedLimit(tally, limits);
  const reset = resetOf(tally, name);
  const ms = Math.max(1, reset - now);
  return {
    status: 429,
    type: name.startsWith('tokens') ? 'tokens' : 'requests',
    code: 'rate_limit_exceeded',
    message:
      `This API key has reached its limit of ${limits[name]} ${name.replaceAll('_', ' ')}. ` +
      `It begins anew in ${durationText(ms)}.`,
    headers: retryFields(ms, reset),
  };
};
