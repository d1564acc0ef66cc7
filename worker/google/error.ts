// Errors in Google's words: https://cloud.google.com/apis/design/errors, as google/rpc/status.proto and
// google/rpc/error_details.proto have them.
import type { Failure } from '../errors.ts';
import { wantsArray } from './address.ts';

const statuses: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'UNIMPLEMENTED',
  408: 'DEADLINE_EXCEEDED',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
};

const typeOf = (name: string): string => `type.googleapis.com/google.rpc.${name}`;

/** Google's own word for a key that it doesn't know, which its SDKs look for. */
const keyInvalid = {
  '@type': typeOf('ErrorInfo'),
  reason: 'API_KEY_INVALID',
  domain: 'googleapis.com',
  metadata: { service: 'generativelanguage.googleapis.com' },
};

/** How long to wait, where that is told. */
const delayOf = ({ headers }: Failure): number | undefined => {
  const reset = headers?.['x-rondo-reset'];
  const seconds = reset
    ? (Date.parse(reset) - Date.now()) / 1000
    : Number(headers?.['retry-after']);
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : undefined;
};

const detailsOf = (failure: Failure): object[] => {
  const { code, param, message } = failure;
  const delay = delayOf(failure);
  const reason = code?.toUpperCase();
  return [
    ...(reason ? [{ '@type': typeOf('ErrorInfo'), reason, domain: 'rondo', metadata: {} }] : []),
    ...(delay ? [{ '@type': typeOf('RetryInfo'), retryDelay: `${delay}s` }] : []),
    ...(param
      ? [
          {
            '@type': typeOf('BadRequest'),
            fieldViolations: [{ field: param, description: message }],
          },
        ]
      : []),
  ];
};

/** A wrong key in the field of Google's keys is a wrong argument to it; a wrong token is not. */
const asGoogleSays = (failure: Failure, request: Request): Failure & { details: object[] } => {
  const isKey = failure.code === 'invalid_api_key' && !request.headers.has('authorization');
  if (!isKey) return { ...failure, details: detailsOf(failure) };
  const message = 'API key not valid. Please pass a valid API key.';
  const { headers: _challenge, ...rest } = failure;
  return { ...rest, status: 400, message, details: [keyInvalid] };
};

export const googleError = (failure: Failure, request: Request): Response => {
  const { status: code, message, headers, details } = asGoogleSays(failure, request);
  const status = statuses[code] ?? 'INTERNAL';
  const error = { code, message, status, ...(details.length > 0 && { details }) };
  const body = wantsArray(request) ? [{ error }] : { error };
  return Response.json(body, { status: code, ...(headers && { headers }) });
};
