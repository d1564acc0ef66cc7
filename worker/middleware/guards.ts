/**
 * What browsers and caches are told of every answer: to take it for what it says it is, to tell
 * nobody where it came from, and to keep nothing of it. A stream says `no-cache` by itself.
 */
export const guardAnswer = ({ headers }: Response): void => {
  headers.set('x-content-type-options', 'nosniff');
  headers.set('referrer-policy', 'no-referrer');
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
};
