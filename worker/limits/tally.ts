// How much a client has used of what it may, in the running minute and day (UTC). Pure: isolates and
// the object POOL count by the same rules.

export const limitNames = [
  'requests_per_minute',
  'requests_per_day',
  'tokens_per_minute',
  'tokens_per_day',
] as const;
export type LimitName = (typeof limitNames)[number];

/** What a client may use. What is not named has no limit. */
export type Limits = Readonly<Partial<Record<LimitName, number>>>;

/** The number of the minute and of the day since 1970, and what was used in them. */
export interface Tally {
  readonly minute: number;
  readonly day: number;
  readonly used: Readonly<Record<LimitName, number>>;
}

export interface Verdict {
  readonly isAdmitted: boolean;
  readonly tally: Tally;
}

export const minuteMs = 60_000;
export const dayMs = 24 * 60 * minuteMs;

const untouched: Tally = {
  minute: 0,
  day: 0,
  used: { requests_per_minute: 0, requests_per_day: 0, tokens_per_minute: 0, tokens_per_day: 0 },
};

/** The tally at a time: a minute or a day that is over counts no more. Time doesn't go back. */
export const turned = ({ minute, day, used }: Tally = untouched, now: number): Tally => {
  const [minuteNow, dayNow] = [Math.floor(now / minuteMs), Math.floor(now / dayMs)];
  return {
    minute: Math.max(minute, minuteNow),
    day: Math.max(day, dayNow),
    used: {
      ...used,
      ...(minuteNow > minute && { requests_per_minute: 0, tokens_per_minute: 0 }),
      ...(dayNow > day && { requests_per_day: 0, tokens_per_day: 0 }),
    },
  };
};

const added = (tally: Tally, requests: number, tokens: number): Tally => ({
  ...tally,
  used: {
    requests_per_minute: tally.used.requests_per_minute + requests,
    requests_per_day: tally.used.requests_per_day + requests,
    tokens_per_minute: tally.used.tokens_per_minute + tokens,
    tokens_per_day: tally.used.tokens_per_day + tokens,
  },
});

/** The limits that are used up. */
export const spentOf = ({ used }: Tally, limits: Limits): LimitName[] =>
  limitNames.filter((name) => used[name] >= (limits[name] ?? Number.POSITIVE_INFINITY));

/** Counts one request, if nothing is used up. One that is refused isn't counted. */
export const admit = (before: Tally | undefined, limits: Limits, now: number): Verdict => {
  const tally = turned(before, now);
  const isAdmitted = spentOf(tally, limits).length === 0;
  return { isAdmitted, tally: isAdmitted ? added(tally, 1, 0) : tally };
};

/** Counts what an answer has cost. */
export const charge = (before: Tally | undefined, tokens: number, now: number): Tally =>
  added(turned(before, now), 0, tokens);

/** When what is counted under a name begins anew. */
export const resetOf = ({ minute, day }: Tally, name: LimitName): number =>
  name.endsWith('minute') ? (minute + 1) * minuteMs : (day + 1) * dayMs;
