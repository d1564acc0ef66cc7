// Calls of /admin/api. The key lives in the tab alone: neither in an address nor in a cookie.

const place = 'rondo-admin-key';

export const key = {
  get: () => sessionStorage.getItem(place),
  /** @param {string} value */
  set: (value) => sessionStorage.setItem(place, value),
  clear: () => sessionStorage.removeItem(place),
};

/** An answer that is none: what went wrong, and how long to wait when the server says so. */
export class Refusal extends Error {
  /**
   * @param {number} status 0: nothing answered.
   * @param {string} message
   * @param {number} [waitMs]
   */
  constructor(status, message, waitMs) {
    super(message);
    this.status = status;
    this.waitMs = waitMs;
  }
}

/**
 * @param {string} path What comes after `/admin/api/`.
 * @param {RequestInit} [init]
 * @returns {Promise<Response>} One that went well.
 */
export async function ask(path, init = {}) {
  const headers = { authorization: `Bearer ${key.get() ?? ''}`, ...init.headers };
  const answer = await fetch(`/admin/api/${path}`, { cache: 'no-store', ...init, headers }).catch(
    (error) => {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new Refusal(0, 'Rondo does not answer.');
    },
  );
  if (!answer.ok) throw await refusalOf(answer);
  return answer;
}

/** @param {Response} answer */
async function refusalOf(answer) {
  const body = await answer.json().catch(() => null);
  const seconds = Number(answer.headers.get('retry-after'));
  const message = body?.error?.message ?? `Rondo answered ${answer.status}.`;
  return new Refusal(answer.status, message, seconds > 0 ? seconds * 1000 : undefined);
}

/**
 * @template T
 * @param {string} path
 * @returns {Promise<T>}
 */
export const read = async (path) => (await ask(path)).json();

/**
 * @template T
 * @param {string} path
 * @returns {Promise<T>}
 */
export const act = async (path) => (await ask(path, { method: 'POST' })).json();
