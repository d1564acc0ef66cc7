// Whose words a request is answered in where the module has no part in it.
import { errorResponse, type Failure } from './errors.ts';
import { speaksGoogle } from './google/address.ts';
import { googleError } from './google/error.ts';
import { isAnthropics, isOpenAis, pathOf } from './paths.ts';

/** How whoever sent a request is told of a failure. */
export type Refuse = (failure: Failure) => Response;

/**
 * Anthropic's clients are known by the path of messages. Wherever else they ask, perhaps by a path that
 * others have too, they name the version of their dialect.
 */
export const speaksAnthropic = (request: Request): boolean => {
  const path = pathOf(request.url);
  // Those of others are spared the look at their header fields.
  if (isOpenAis(path)) return false;
  if (isAnthropics(path)) return true;
  return request.headers.has('anthropic-version') && !speaksGoogle(request);
};

/** Anthropic's types of errors, by status. All else is a fault of the request or of ours. */
const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** Anthropic's own status for want of capacity. */
const statusOf = ({ status, code }: Failure): number => (code === 'overloaded' ? 529 : status);

const anthropicError = (failure: Failure, requestId: string): Response => {
  const status = statusOf(failure);
  const type = types[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
  const { message, headers } = failure;
  return Response.json(
    { type: 'error', error: { type, message }, request_id: requestId },
    { status, ...(headers && { headers }) },
  );
};

/** `id` is that of the request. Most requests are never refused, so their dialect is read when one is. */
export const refusalOf =
  (request: Request, id: string): Refuse =>
  (failure) => {
    if (speaksAnthropic(request)) return anthropicError(failure, id);
    return speaksGoogle(request) ? googleError(failure, request) : errorResponse(failure);
  };
