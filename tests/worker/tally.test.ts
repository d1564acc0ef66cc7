// How use is counted, and what a client is told of it.
import { describe, expect, test } from 'vitest';
import { durationText, limitFields, limitReached } from '../../worker/limits/answer.ts';
import {
  admit,
  charge,
  dayMs,
  type Limits,
  minuteMs,
  resetOf,
  spentOf,
  type Tally,
  turned,
} from '../../worker/limits/tally.ts';

// The first minute of a day.
const midnight = 20_000 * dayMs;

/** The tally after so many requests at a time. */
const counted = (times: number, limits: Limits, now = midnight, tally?: Tally): Tally => {
  let last = tally;
  for (let time = 0; time < times; time += 1) last = admit(last, limits, now).tally;
  return last ?? turned(undefined, now);
};

describe('requests', () => {
  const limits = { requests_per_minute: 2, requests_per_day: 3 };

  test('are admitted up to the limit, and what is refused is not counted', () => {
    const tally = counted(5, limits);
    expect(tally.used).toMatchObject({ requests_per_minute: 2, requests_per_day: 2 });
    expect(admit(tally, limits, midnight).isAdmitted).toBe(false);
  });

  test('are admitted again in the next minute, not a moment before', () => {
    const tally = counted(2, limits);
    expect(admit(tally, limits, midnight + minuteMs - 1).isAdmitted).toBe(false);
    expect(admit(tally, limits, midnight + minuteMs).isAdmitted).toBe(true);
  });

  test('of a day begin anew at midnight in UTC', () => {
    const tally = counted(1, limits, midnight + minuteMs, counted(2, limits));
    expect(admit(tally, limits, midnight + dayMs - 1).isAdmitted).toBe(false);
    expect(admit(tally, limits, midnight + dayMs).isAdmitted).toBe(true);
  });

  test('are not given back by a clock that goes back', () => {
    const tally = counted(2, limits, midnight + minuteMs);
    expect(admit(tally, limits, midnight).isAdmitted).toBe(false);
  });
});

describe('tokens', () => {
  const limits = { tokens_per_minute: 10, tokens_per_day: 15 };

  test('of an answer count for the requests after it', () => {
    const tally = counted(1, limits);
    const charged = charge(tally, 12, midnight);
    expect(admit(tally, limits, midnight).isAdmitted).toBe(true);
    expect(admit(charged, limits, midnight).isAdmitted).toBe(false);
    expect(spentOf(charged, limits)).toEqual(['tokens_per_minute']);
  });

  test('count in the minute in which they are known', () => {
    const charged = charge(charge(undefined, 9, midnight), 9, midnight + minuteMs);
    expect(charged.used).toMatchObject({ tokens_per_minute: 9, tokens_per_day: 18 });
    expect(spentOf(charged, limits)).toEqual(['tokens_per_day']);
  });
});

test('a limit ends with its minute or its day', () => {
  const tally = turned(undefined, midnight + 90_000);
  expect(resetOf(tally, 'requests_per_minute')).toBe(midnight + 2 * minuteMs);
  expect(resetOf(tally, 'tokens_per_day')).toBe(midnight + dayMs);
});

test.for([
  [-5, '0ms'],
  [0, '0ms'],
  [850, '850ms'],
  [1000, '1s'],
  [1001, '2s'],
  [60_000, '1m0s'],
  [3_600_000, '1h0m0s'],
  [86_399_000, '23h59m59s'],
] as const)('%i ms are told as %s', ([ms, text]) => {
  expect(durationText(ms)).toBe(text);
});

describe('a client is told', () => {
  test('of the limit of which less is left', () => {
    const limits = { requests_per_minute: 5, requests_per_day: 6 };
    const tally = counted(2, limits);
    expect(limitFields(tally, limits, midnight + 1000)).toEqual({
      'x-ratelimit-limit-requests': '5',
      'x-ratelimit-remaining-requests': '3',
      'x-ratelimit-reset-requests': '59s',
    });
    const next = turned(tally, midnight + minuteMs);
    expect(limitFields(next, limits, midnight + minuteMs)).toMatchObject({
      'x-ratelimit-limit-requests': '6',
      'x-ratelimit-remaining-requests': '4',
      'x-ratelimit-reset-requests': '23h59m0s',
    });
  });

  test('of requests and of tokens, of which never less than none is left', () => {
    const limits = { requests_per_day: 5, tokens_per_minute: 10 };
    const fields = limitFields(charge(undefined, 12, midnight), limits, midnight);
    expect(fields).toEqual({
      'x-ratelimit-limit-requests': '5',
      'x-ratelimit-remaining-requests': '5',
      'x-ratelimit-reset-requests': '24h0m0s',
      'x-ratelimit-limit-tokens': '10',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '1m0s',
    });
  });

  test('which limit it has reached, and when that begins anew', () => {
    const limits = { requests_per_minute: 1 };
    expect(limitReached(counted(1, limits), limits, midnight + 500)).toEqual({
      status: 429,
      type: 'requests',
      code: 'rate_limit_exceeded',
      message:
        'This API key has reached its limit of 1 requests per minute. It begins anew in 1m0s.',
      headers: {
        'retry-after': '60',
        'x-rondo-reset': new Date(midnight + minuteMs).toISOString(),
      },
    });
  });

  test('of the limit that lasts longest when several are reached, and not to sleep till then', () => {
    const limits = { requests_per_minute: 1, tokens_per_day: 3 };
    const refused = limitReached(charge(counted(1, limits), 3, midnight), limits, midnight);
    expect(refused).toMatchObject({ type: 'tokens', headers: { 'x-should-retry': 'false' } });
    expect(refused.headers).not.toHaveProperty('retry-after');
  });
});
