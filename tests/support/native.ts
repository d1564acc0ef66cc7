// Requests in Google's own dialect, as they are put by hand.
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { clientKey, type Rondo } from './rondo.ts';

export const generating = (model: string, verb = 'generateContent', version = 'v1beta'): string =>
  `/${version}/models/${model}:${verb}`;

/** The body of a greeting. */
export const saying = (text = 'Hello', more: object = {}) => ({
  contents: [{ role: 'user', parts: [{ text }] }],
  ...more,
});

/** A POST with the client key where Google's clients have it. */
export function post(
  rondo: Rondo,
  path: string,
  body: object | string = saying(),
  init: RequestInit = {},
): Promise<Response> {
  return fetch(rondo.url + path, {
    method: 'POST',
    headers: { 'x-goog-api-key': clientKey, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  });
}

export const get = (rondo: Rondo, path: string): Promise<Response> =>
  fetch(rondo.url + path, { headers: { 'x-goog-api-key': clientKey } });

export interface GoogleError {
  readonly code: number;
  readonly message: string;
  readonly status: string;
  readonly details?: readonly JsonObject[];
}

/** An answer in Google's shape of errors, and in no other. */
export async function refused(
  answering: Response | Promise<Response>,
): Promise<GoogleError & { headers: Headers }> {
  const answer = await answering;
  const told = JSON.parse(await answer.text()) as { error: GoogleError };
  const { details: _, ...common } = told.error;
  const shape = [Object.keys(told).join(), Object.keys(common).sort().join()].join(' ');
  if (shape !== 'error code,message,status' || told.error.code !== answer.status) {
    throw new Error(`not Google's shape of errors: ${answer.status} ${JSON.stringify(told)}`);
  }
  return { ...told.error, headers: answer.headers };
}

/** The detail of that type, `ErrorInfo`. */
export const detailOf = ({ details = [] }: GoogleError, type: string): JsonObject | undefined =>
  details.find((detail) => detail['@type'] === `type.googleapis.com/google.rpc.${type}`);
