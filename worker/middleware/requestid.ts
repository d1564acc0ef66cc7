import type { Arrival } from '../arrival.ts';

/** Tells the request's name in `x-request-id`; Anthropic's clients look for it in `request-id`. */
export const nameAnswer = ({ id, isAnthropic }: Arrival, { headers }: Response): void => {
  headers.set('x-request-id', id);
  if (isAnthropic) headers.set('request-id', id);
};
