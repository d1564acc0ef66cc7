import { bounds } from './core/bounds.ts';

/** An error in OpenAI's terms, for what is answered before or without the module. */
export interface Failure {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
  readonly param?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const errorResponse = ({ status, message, type, param, code, headers }: Failure): Response =>
  Response.json(
    { error: { message, type, param: param ?? null, code } },
    { status, ...(headers && { headers }) },
  );

export const internalError: Failure = {
  status: 500,
  type: 'server_error',
  code: 'internal_error',
  message: 'The request failed inside the gateway. It is safe to try again.',
};

export const overloaded: Failure = {
  status: 503,
  type: 'server_error',
  code: 'overloaded',
  message: 'The gateway holds too many large requests just now. Try again in a moment.',
  headers: { 'retry-after': '1' },
};

export const tooLarge = (limit: number): Failure => ({
  status: 413,
  type: 'invalid_request_error',
  code: 'request_too_large',
  message: `The request body is larger than the limit of ${limit} bytes.`,
});

export const cutShort: Failure = {
  status: 400,
  type: 'invalid_request_error',
  code: 'incomplete_body',
  message: 'The request body ended before it was complete.',
};

export const timedOut = (ms: number): Failure => ({
  status: 408,
  type: 'invalid_request_error',
  code: 'request_timeout',
  message:
    `No byte of the request body came for ${ms / 1000} s. Send the request again, and its whole ` +
    'body without a pause.',
});

/** A path may be as long as a client likes. */
const shown = (path: string): string =>
  path.length > bounds.shownPathChars ? `${path.slice(0, bounds.shownPathChars)}…` : path;

const noSuchUrl = (method: string, path: string, advice: string): Failure => ({
  status: 404,
  type: 'invalid_request_error',
  code: 'unknown_url',
  message: `Unknown request URL: ${method} ${shown(path)}. ${advice}`,
});

/** Anthropic's clients and Google's put the version behind a base URL by themselves. */
const versionTwice = /^\/v1\/v1(beta|alpha)?\//;

export const unknownUrl = (method: string, path: string): Failure =>
  noSuchUrl(
    method,
    path,
    versionTwice.test(path)
      ? "It has a version twice: set the base URL to this server's address alone, without /v1."
      : 'Check the URL for typos.',
  );

/** A client whose base URL is not what its SDK wants. */
export const lacksV1 = (method: string, path: string): Failure =>
  noSuchUrl(
    method,
    path,
    "The base URL lacks /v1: set it to this server's address followed by /v1 (for Anthropic's " +
      'clients, to the address alone).',
  );

export const tooManyLogins = (waitMs: number): Failure => ({
  status: 429,
  type: 'invalid_request_error',
  code: 'too_many_logins',
  message: 'Too many wrong keys came from this address. Wait a moment, then try the right one.',
  headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) },
});

export const responseNotFound = (id: string): Failure => ({
  status: 404,
  type: 'invalid_request_error',
  code: 'response_not_found',
  message: `Response with id '${shown(id)}' not found: nothing is stored here.`,
  param: 'response_id',
});

/**
 * Google's models rate what they write, and of a prompt only what they refuse to read; nothing of it
 * is a judgement of a text. Whoever is told that a text is fine relies on it.
 */
export const moderationsNotServed: Failure = {
  status: 404,
  type: 'invalid_request_error',
  code: 'moderations_not_served',
  message:
    "Moderations are not served: Gemini models don't rate a text that they are given, so there is " +
    'nothing to tell whether it is harmful.',
};

/** A request that is at fault itself. */
export const badRequest = (message: string, param: string, code: string): Failure => ({
  status: 400,
  type: 'invalid_request_error',
  code: code || null,
  message,
  param,
});

/** A field of a request that is not what it should be. */
export const invalid = (param: string, fault: string, code: string): Failure =>
  badRequest(`Invalid '${shown(param)}': ${fault}.`, shown(param), code);

/** A field that a request needs. */
export const missingField = (param: string): Failure =>
  badRequest(
    `Missing required parameter: '${shown(param)}'.`,
    shown(param),
    'missing_required_parameter',
  );

/** In Google's words, as far as they are true of it. */
export const cannotBind = (name: string): Failure =>
  badRequest(
    `Unknown name "${shown(name)}": Cannot bind query parameter. A field of the request belongs in its body.`,
    shown(name),
    'unknown_parameter',
  );

/** Of a client whose key has a limit of tokens. */
export const costHidden = (param: string): Failure =>
  invalid(
    param,
    'this API key has a limit of tokens, so its answers have to tell what they cost',
    'unsupported_parameter',
  );

/** The same, of an interaction whose answer comes before it has cost anything. */
export const costLater: Failure = invalid(
  'background',
  'this API key has a limit of tokens, so its interactions have to tell what they cost when they are asked for',
  'unsupported_parameter',
);

/** The same, of a body in which that can't be seen. */
export const costUnseen = (why: string): Failure =>
  invalid('body', `${why}, and this API key has a limit of tokens`, 'unsupported_parameter');

/** The same, of Google's OpenAI-compatible paths: their streams tell it only where they are asked to. */
export const costUntold: Failure = {
  status: 403,
  type: 'invalid_request_error',
  code: 'cost_untold',
  message:
    "An API key with a limit of tokens can't use these paths, since not all of their answers tell " +
    'what they cost. Use /v1/chat/completions and /v1/embeddings.',
};

/** Something that is kept, and that this client hasn't, or has no more. */
export const notKept = (what: string, id: string, param: string): Failure => ({
  status: 404,
  type: 'invalid_request_error',
  code: `${what.toLowerCase().replaceAll(' ', '_')}_not_found`,
  message: `${what} with id '${shown(id)}' not found.`,
  param,
});

export const storeUnavailable: Failure = {
  status: 503,
  type: 'server_error',
  code: 'store_unavailable',
  message: "What is stored for this client can't be reached just now. Try again in a moment.",
  headers: { 'retry-after': '1' },
};

export const nothingStored: Failure = {
  status: 404,
  type: 'invalid_request_error',
  code: 'store_missing',
  message: 'Nothing is stored here: this needs a client key, and a gateway with the binding STORE.',
};

export const methodNotSupported = (method: string, path: string, allow: string): Failure => ({
  status: 405,
  type: 'invalid_request_error',
  code: 'method_not_supported',
  message: `${shown(path)} doesn't take ${method}. Use ${allow}.`,
  headers: { allow },
});
