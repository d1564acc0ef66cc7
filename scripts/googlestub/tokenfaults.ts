import * as errors from './errors.ts';
import { type Refusal, refusal } from './errors.ts';
import type { Refuse } from './refusals.ts';

function oauthError(status: number, error: string, description: string): Refusal {
  return { status, body: { error, error_description: description } };
}

/** Of the token endpoint, whose errors have a shape of their own: RFC 6749, section 5.2. */
export const tokenFaults = {
  internal: () => oauthError(500, 'internal_failure', 'Internal error.'),
  unavailable: () => oauthError(503, 'temporarily_unavailable', 'Please try again later.'),
  'bad-gateway': () => errors.htmlPage(502, 'Server Error'),
  'token-rate-limit': () => oauthError(403, 'rate_limit_exceeded', 'Rate limit exceeded.'),
  'invalid-grant': () => oauthError(400, 'invalid_grant', 'Token has been expired or revoked.'),
  'invalid-rapt': () => ({
    status: 400,
    body: {
      error: 'invalid_grant',
      error_description: 'reauth related error (invalid_rapt)',
      error_uri: 'https://support.google.com/a/answer/9368756',
      error_subtype: 'invalid_rapt',
    },
  }),
  'invalid-client': () => oauthError(401, 'invalid_client', 'The OAuth client was not found.'),
  'unauthorized-client': () => oauthError(401, 'unauthorized_client', 'Unauthorized'),
  'invalid-scope': () => oauthError(400, 'invalid_scope', 'Bad Request'),
  'object-error': () => refusal(400, 'invalid_grant'),
  'not-json': () => ({ status: 200, body: 'ok\n' }),
  'no-token': () => ({ status: 200, body: { token_type: 'Bearer', expires_in: 3599 } }),
} satisfies Record<string, Refuse>;
