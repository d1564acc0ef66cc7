// Which web pages may call, as CORS_ORIGINS says it.
import type { Env } from '../core/core.ts';
import { textOf } from '../core/settings.ts';

export const anyOrigin = '*';

/** Which pages may call: all, those of some origins, or none. */
export type Allowed = typeof anyOrigin | ReadonlySet<string>;

/** A `*` stands for itself in a URL, so that an entry with one would never be a page's origin. */
const isOrigin = (text: string): boolean => {
  const url = URL.parse(text);
  if (url === null || text.includes('*')) return false;
  return /^https?:$/.test(url.protocol) && url.origin === text.toLowerCase();
};

/** What CORS_ORIGINS says. */
export interface Origins {
  readonly allowed: Allowed;
  /** What is wrong with it. Quotes nothing. */
  readonly fault?: string;
}

/** Reads CORS_ORIGINS. What is no origin allows nobody. */
export const readOrigins = (env: Env): Origins => {
  const text = textOf(env.CORS_ORIGINS)?.trim() ?? '';
  if (text === '' || text === anyOrigin) return { allowed: anyOrigin };
  if (text.toLowerCase() === 'off') return { allowed: new Set() };
  const origins = text
    .split(',')
    .map((origin) => origin.trim().replace(/\/$/, ''))
    .filter((origin) => origin !== '');
  const good = origins.filter(isOrigin);
  const allowed = new Set(good.map((origin) => origin.toLowerCase()));
  if (good.length === origins.length) return { allowed };
  const fault =
    'has an entry that is no origin such as https://app.example.com, nor is it * or off';
  return { allowed, fault };
};
