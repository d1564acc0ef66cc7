import { errorInfo, help, quotaFailure, type Refusal, refusal, retryInfo } from './errors.ts';

export interface Limits {
  perMinute?: number;
  perDay?: number;
}

export interface QuotaOptions extends Limits {
  /** `gemini`: details that name quota and delay. `vertex`: a bare message, as its shared pool. */
  style?: 'gemini' | 'vertex';
  /** Limits of single models, instead of the general ones. */
  models?: Readonly<Record<string, Limits>>;
}

interface Window {
  minute: number;
  inMinute: number;
  day: string;
  inDay: number;
}

const minuteMs = 60_000;

const pacificDay = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles' });

/** Quota days end at midnight Pacific: https://ai.google.dev/gemini-api/docs/rate-limits */
export function dayOf(now: number): string {
  return pacificDay.format(now);
}

/** Requests counted per (project, model), in clock minutes and in Pacific days. */
export class Quotas {
  options: QuotaOptions;
  readonly #windows = new Map<string, Window>();

  constructor(options: QuotaOptions) {
    this.options = options;
  }

  /** Counts one request, or refuses it; a refused one is not counted. */
  take(project: string, model: string, service: string, now: number): Refusal | null {
    const limits = this.options.models?.[model] ?? this.options;
    if (limits.perMinute === undefined && limits.perDay === undefined) return null;
    const window = this.#window(`${project}|${model}`, now);
    const spentDay = limits.perDay !== undefined && window.inDay >= limits.perDay;
    const spentMinute = limits.perMinute !== undefined && window.inMinute >= limits.perMinute;
    if (!spentDay && !spentMinute) {
      window.inDay += 1;
      window.inMinute += 1;
      return null;
    }
    if (this.options.style === 'vertex') return sharedPoolBusy();
    const seconds = (minuteMs - (now % minuteMs)) / 1000;
    if (spentDay) return spent('Day', limits.perDay ?? 0, model, service, seconds);
    return spent('Minute', limits.perMinute ?? 0, model, service, seconds);
  }

  reset(): void {
    this.#windows.clear();
  }

  #window(key: string, now: number): Window {
    const minute = Math.floor(now / minuteMs);
    const day = dayOf(now);
    const window = this.#windows.get(key) ?? { minute, inMinute: 0, day, inDay: 0 };
    if (window.minute !== minute) Object.assign(window, { minute, inMinute: 0 });
    if (window.day !== day) Object.assign(window, { day, inDay: 0 });
    this.#windows.set(key, window);
    return window;
  }
}

/**
 * A spent quota in full words. The delay of a spent day is that of the minute all the same: Google
 * sends `PerDay` together with a retry delay of seconds.
 */
export function spent(
  span: 'Minute' | 'Day',
  limit: number,
  model: string,
  service: string,
  seconds: number,
): Refusal {
  const metric = `${service}/generate_content_free_tier_requests`;
  const message =
    'You exceeded your current quota, please check your plan and billing details. For more ' +
    'information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits. ' +
    `\n* Quota exceeded for metric: ${metric}, limit: ${limit}, model: ${model}\n` +
    `Please retry in ${seconds}s.`;
  const violation = {
    quotaMetric: metric,
    quotaId: `GenerateRequestsPer${span}PerProjectPerModel-FreeTier`,
    quotaDimensions: { location: 'global', model },
    quotaValue: String(limit),
  };
  const url = 'https://ai.google.dev/gemini-api/docs/rate-limits';
  const link = help('Learn more about Gemini API quotas', url);
  return refusal(429, message, [quotaFailure(violation), link, retryInfo(seconds)]);
}

/** Input tokens a minute, on a paid plan. */
export function spentTokens(model: string, service: string, seconds: number): Refusal {
  const violation = {
    quotaMetric: `${service}/generate_content_paid_tier_input_token_count`,
    quotaId: 'GenerateContentPaidTierInputTokensPerModelPerMinute',
    quotaDimensions: { location: 'global', model },
    quotaValue: '1000000',
  };
  const message = `You exceeded your current quota.\nPlease retry in ${seconds}s.`;
  return refusal(429, message, [quotaFailure(violation), retryInfo(seconds)]);
}

/** The form before QuotaFailure came: an ErrorInfo that names the limit, and no delay at all. */
export function olderForm(project: string, service: string): Refusal {
  const limit = 'GenerateContentRequestsPerMinutePerProjectPerRegion';
  const message =
    `Quota exceeded for quota metric 'Generate Content API requests per minute' and limit ` +
    `'GenerateContent request limit per minute for a region' of service '${service}' for ` +
    `consumer 'projects/${project}'.`;
  const metadata = {
    service,
    consumer: `projects/${project}`,
    quota_limit: limit,
    quota_limit_value: '10',
    quota_metric: `${service}/generate_content_requests`,
    quota_location: 'us-central1',
  };
  return refusal(429, message, [errorInfo('RATE_LIMIT_EXCEEDED', metadata)]);
}

/** Vertex's shared pool has no quota to name; the message links the page that explains it. */
export function sharedPoolBusy(): Refusal {
  const url = 'https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429';
  return refusal(
    429,
    `Resource exhausted. Please try again later. Please refer to ${url} for more details.`,
  );
}
