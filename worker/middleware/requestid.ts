import type { Arrival } from '../arrival.ts';
import { speaksAnthropic } from '../dialects.ts';

/** Tells the request's name in `x-request-id`; Anthropic's clients look for it in `request-id`. */
export const nameAnswer = ({ request, id }: Arrival, { headers }: Response): void => {
  headers.set('x-request-id', id);
  if (speaksAnthropic(request)) headers.set('request-id', id);
};
