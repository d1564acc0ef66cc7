import { errorInfo, help, quotaFailure, type Refusal, refusal, retryInfo } from './errors.ts';
import type { JsonObject } from './json.ts';

export interface Limits {
  perMinute?: number;
  perDay?: number;
}

export interface QuotaOptions extends Limits {
  /** `gemini`: details that name quota and delay. `vertex`: a bare message, as its shared pool. */
  style?: 'gemini' | 'vertex';
  /** Limits of single models, instead of the general ones. */
  models?: Readonly<Record<string, Limits>>;
  /** What all models of a project may be asked together, besides their own limits. */
  shared?: Pick<Limits, 'perMinute'>;
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

/**
 * Requests counted per (project, model), in clock minutes and in Pacific days, and per project for
 * what its models share.
 */
export class Quotas {
  options: QuotaOptions;
  readonly #windows = new Map<string, Window>();

  constructor(options: QuotaOptions) {
    this.options = options;
  }

  /** Counts one request, or refuses it; a refused one is not counted. */
  take(project: string, model: string, service: string, now: number): Refusal | null {
    const limits = this.options.models?.[model] ?? this.options;
    const own = this.#window(`${project}|${model}`, now);
    const shared = this.#window(`${project}|`, now);
    const span = spentSpan(limits, own);
    const isBusy = spentSpan(this.options.shared ?? {}, shared) !== null;
    if (span === null && !isBusy) {
      for (const window of [own, shared]) count(window);
      return null;
    }
    if (this.options.style === 'vertex') return sharedPoolBusy();
    const seconds = (minuteMs - (now % minuteMs)) / 1000;
    if (span === null) return spentShared(this.options.shared?.perMinute ?? 0, service, seconds);
    return spent(span, limits[`per${span}`] ?? 0, model, service, seconds);
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

function spentSpan({ perMinute, perDay }: Limits, window: Window): 'Minute' | 'Day' | null {
  if (perDay !== undefined && window.inDay >= perDay) return 'Day';
  return perMinute !== undefined && window.inMinute >= perMinute ? 'Minute' : null;
}

function count(window: Window): void {
  window.inDay += 1;
  window.inMinute += 1;
}

const rateLimitsPage = 'https://ai.google.dev/gemini-api/docs/rate-limits';

/** A violation of the Gemini API's, with the words and links that it sends along. */
function exceeded(violation: JsonObject, which: string, seconds: number): Refusal {
  const message =
    'You exceeded your current quota, please check your plan and billing details. For more ' +
    `information on this error, head to: ${rateLimitsPage}. ` +
    `\n* Quota exceeded for metric: ${violation.quotaMetric}, ${which}\n` +
    `Please retry in ${seconds}s.`;
  const link = help('Learn more about Gemini API quotas', rateLimitsPage);
  return refusal(429, message, [quotaFailure(violation), link, retryInfo(seconds)]);
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
  const violation = {
    quotaMetric: `${service}/generate_content_free_tier_requests`,
    quotaId: `GenerateRequestsPer${span}PerProjectPerModel-FreeTier`,
    quotaDimensions: { location: 'global', model },
    quotaValue: String(limit),
  };
  return exceeded(violation, `limit: ${limit}, model: ${model}`, seconds);
}

/** The minute that all models of a project share: no dimension names a model. */
export function spentShared(limit: number, service: string, seconds: number): Refusal {
  const violation = {
    quotaMetric: `${service}/generate_requests`,
    quotaId: 'GenerateRequestsPerMinutePerProject',
    quotaDimensions: { location: 'global' },
    quotaValue: String(limit),
  };
  return exceeded(violation, `limit: ${limit}`, seconds);
}

/** A minute that is counted for the model behind several ids, in the words that Vertex has for it. */
export function spentBase(base: string, service: string, seconds: number): Refusal {
  const metric = `${service}/generate_content_requests_per_minute_per_project_per_base_model`;
  const violation = {
    quotaMetric: metric,
    quotaId: 'GenerateContentRequestsPerMinutePerProjectPerBaseModel',
    quotaDimensions: { location: 'global', base_model: base },
    quotaValue: '10',
  };
  const message =
    `Quota exceeded for ${metric} with base model: ${base}. Please submit a quota increase ` +
    'request. https://cloud.google.com/vertex-ai/docs/generative-ai/quotas-genai.';
  return refusal(429, message, [quotaFailure(violation), retryInfo(seconds)]);
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
export function olderForm(number: string, service: string): Refusal {
  const limit = 'GenerateContentRequestsPerMinutePerProjectPerRegion';
  const message =
    `Quota exceeded for quota metric 'Generate Content API requests per minute' and limit ` +
    `'GenerateContent request limit per minute for a region' of service '${service}' for ` +
    `consumer 'project_number:${number}'.`;
  const metadata = {
    service,
    consumer: `projects/${number}`,
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
