import { bounds } from '../core/bounds.ts';
import { keepNewest } from '../core/newest.ts';

interface Window {
  wrong: number;
  readonly ends: number;
}

/** What becomes of a wrong key. */
export interface Verdict {
  /** How long to wait, when too many were wrong. */
  readonly waitMs: number | undefined;
  /** Whether the log should tell of it: of each, until there are too many, and of the first one then. */
  readonly isNews: boolean;
}

/** Wrong keys of the last minute by address, of a bounded number of addresses. */
export class FailedLogins {
  readonly #windows = new Map<string, Window>();

  /** Notes a wrong key. */
  note(address: string, now: number): Verdict {
    const window = this.#windowOf(address, now);
    window.wrong += 1;
    return {
      waitMs: window.wrong > bounds.wrongKeys ? window.ends - now : undefined,
      isNews: window.wrong <= bounds.wrongKeys + 1,
    };
  }

  #windowOf(address: string, now: number): Window {
    const known = this.#windows.get(address);
    if (known && known.ends > now) return known;
    const window = { wrong: 0, ends: now + bounds.wrongKeysMs };
    keepNewest(this.#windows, address, window, bounds.wrongKeyAddresses);
    return window;
  }
}

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'));

/**
 * Where a request comes from, as Cloudflare tells. Of IPv6 the network counts, since whoever has one
 * address of it has them all.
 */
export const addressOf = (request: Request): string => {
  const address = request.headers.get('cf-connecting-ip') ?? 'unknown';
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = groupsOf(head);
  const behind = groupsOf(tail ?? '');
  const left = tail === undefined ? 0 : Math.max(0, 8 - groups.length - behind.length);
  const filled = [...groups, ...Array<string>(left).fill('0'), ...behind];
  return `${filled.slice(0, 4).join(':')}::/64`;
};
