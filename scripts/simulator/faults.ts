import * as errors from './errors.ts';
import { errorInfo, help, type Refusal, refusal, retryInfo } from './errors.ts';
import { isObject } from './json.ts';
import { olderForm, sharedPoolBusy, spent, spentBase, spentShared, spentTokens } from './quota.ts';

interface Scene {
  readonly model: string;
  /** The model that the id is a version of. */
  readonly base: string;
  readonly project: string;
  readonly service: string;
  readonly backend: string;
  readonly now: number;
  /** What the fault says, else the table's own figure. */
  readonly seconds: (otherwise: number) => number;
}

type Refuse = (scene: Scene) => Refusal;

function codeAssist(reason: string, scene: Scene, seconds: number): Refusal {
  const metadata = {
    model: scene.model,
    quotaResetDelay: `${seconds}s`,
    quotaResetTimeStamp: new Date(scene.now + seconds * 1000).toISOString(),
  };
  const info = errorInfo(reason, metadata, 'cloudcode-pa.googleapis.com');
  const message =
    'You have exhausted your capacity on this model. ' +
    `Your quota will reset after ${Math.floor(seconds)}s.`;
  return refusal(429, message, [info, retryInfo(seconds)]);
}

/** A reset told by its time alone, to see that the time is read. */
function resetTime(scene: Scene, seconds: number): Refusal {
  const stamp = new Date(scene.now + seconds * 1000).toISOString();
  const metadata = { model: scene.model, quotaResetTimeStamp: stamp };
  return refusal(429, 'Quota exceeded.', [errorInfo('RATE_LIMIT_EXCEEDED', metadata)]);
}

function capacity(scene: Scene, status: number): Refusal {
  const message = `No capacity available for model ${scene.model} on the server`;
  return refusal(status, message, [
    errorInfo('MODEL_CAPACITY_EXHAUSTED', { model: scene.model }, 'cloudcode-pa.googleapis.com'),
  ]);
}

function precondition(message: string): Refusal {
  const error = { code: 400, message, status: 'FAILED_PRECONDITION' };
  return { status: 400, body: { error } };
}

/** 429, one of each kind that Google sends. */
const limited = {
  minute: (s) => spent('Minute', 10, s.model, s.service, s.seconds(44.09774)),
  'minute-shared': (s) => spentShared(60, s.service, s.seconds(44.09774)),
  'minute-base': (s) => spentBase(s.base, s.service, s.seconds(44.09774)),
  day: (s) => spent('Day', 250, s.model, s.service, s.seconds(12.5)),
  'tokens-minute': (s) => spentTokens(s.model, s.service, s.seconds(31)),
  'limit-zero': (s) => spent('Day', 0, s.model, s.service, s.seconds(12.5)),
  'older-form': (s) => olderForm(s.project, s.service),
  'no-details': () => sharedPoolBusy(),
  exhausted: () => refusal(429, 'Resource has been exhausted (e.g. check quota).'),
  capacity: (s) => capacity(s, 429),
  'rate-limit': (s) => codeAssist('RATE_LIMIT_EXCEEDED', s, s.seconds(53.2)),
  'quota-exhausted': (s) => codeAssist('QUOTA_EXHAUSTED', s, s.seconds(69287.6)),
  'reset-time': (s) => resetTime(s, s.seconds(90)),
  'retry-after': (s) => ({
    ...refusal(429, 'Too many requests.'),
    headers: { 'retry-after': String(s.seconds(30)) },
  }),
  'html-429': () => errors.htmlPage(429, 'Too Many Requests'),
  credits: (s) =>
    refusal(429, 'Insufficient credits.', [
      errorInfo('INSUFFICIENT_G1_CREDITS_BALANCE', { model: s.model }),
    ]),
} satisfies Record<string, Refuse>;

/** The credential is at fault, or what it may do. */
const denied = {
  unauthenticated: (s) => errors.tokenRefused('ACCESS_TOKEN_EXPIRED', s.service),
  forbidden: () => refusal(403, 'The caller does not have permission'),
  'denied-access': () =>
    refusal(403, 'Your project has been denied access. Please contact support.'),
  'service-disabled': (s) => errors.serviceDisabled(s.project, s.service),
  'iam-denied': (s) =>
    errors.permissionDenied('aiplatform.endpoints.predict', `projects/${s.project}`),
  scope: (s) => errors.scopeInsufficient(s.service, 'GenerateContent'),
  'user-project': (s) => errors.userProjectDenied(s.project, s.service),
  suspended: (s) => errors.consumerSuspended(s.project, s.service),
  tos: (s) =>
    refusal(403, 'This service has been disabled in this account for violation of terms.', [
      errorInfo('TOS_VIOLATION', {
        service: s.service,
        appeal_url: 'https://support.google.com/accounts/contact/suspended',
        appeal_url_link_text: 'Appeal',
      }),
    ]),
  validation: () =>
    refusal(403, 'Verify your account to continue.', [
      errorInfo('VALIDATION_REQUIRED', {}, 'cloudcode-pa.googleapis.com'),
      help('Verify your account', 'https://accounts.google.com/signin/continue'),
    ]),
  'key-invalid': () => errors.apiKeyRefused('API key not valid. Please pass a valid API key.'),
  'key-expired': () => errors.apiKeyRefused('API key expired. Please renew the API key.'),
  location: () => precondition('User location is not supported for the API use.'),
  signature: () => errors.invalidArgument('Corrupted thought signature.'),
  invalid: () => errors.invalidArgument('Request contains an invalid argument.'),
  'not-found': (s) =>
    s.backend === 'vertex'
      ? refusal(404, 'Requested entity was not found.')
      : refusal(404, `models/${s.model} is not found for API version v1beta.`),
} satisfies Record<string, Refuse>;

/** Google's own trouble. */
const broken = {
  cancelled: () => refusal(499, 'The operation was cancelled.'),
  internal: () => refusal(500, 'Internal error encountered.'),
  'bad-gateway': () => errors.htmlPage(502, 'Server Error'),
  unavailable: () => refusal(503, 'The model is overloaded. Please try again later.'),
  'capacity-503': (s) => capacity(s, 503),
  deadline: () => refusal(504, 'The request timed out. Please try again.'),
} satisfies Record<string, Refuse>;

function oauthError(status: number, error: string, description: string): Refusal {
  return { status, body: { error, error_description: description } };
}

/** Of the token endpoint, whose errors have a shape of their own: RFC 6749, section 5.2. */
const tokenFaults = {
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

export type RefusalKind = keyof typeof limited | keyof typeof denied | keyof typeof broken;
export type TokenFaultKind = keyof typeof tokenFaults;
/** These happen on the wire, or to an answer that began well. */
export type WireKind =
  | 'reset'
  | 'cut'
  | 'stream-error'
  | 'empty'
  | 'no-candidates'
  | 'no-finish'
  | 'finish'
  | 'blocked'
  | 'raw';
export type FaultKind = RefusalKind | TokenFaultKind | WireKind;

export interface Fault {
  kind: FaultKind;
  /** The delay that a 429 names. */
  seconds?: number;
  /** `minute-base`: the base model, else the asked id without its version. */
  base?: string;
  /** `cut`, `stream-error`, `finish`: so many events come before. */
  after?: number;
  /** `cut`: half of the next event is sent as well. */
  partial?: boolean;
  /** `stream-error`: which one; `bare`: as plain JSON, without `data:`. */
  error?: RefusalKind;
  bare?: boolean;
  /** `finish`, `blocked`: the reason. */
  reason?: string;
  /** The error body inside an array of one. */
  wrapped?: boolean;
  /** The error as a string of JSON inside another error's message. */
  nested?: boolean;
  /** Added to the answer's. */
  headers?: Record<string, string>;
  /** `raw`. */
  status?: number;
  body?: string;
}

const refusals: Readonly<Record<string, Refuse>> = { ...limited, ...denied, ...broken };
const tokenRefusals: Readonly<Record<string, Refuse>> = tokenFaults;
const wireKinds: ReadonlySet<string> = new Set<WireKind>([
  'reset',
  'cut',
  'stream-error',
  'empty',
  'no-candidates',
  'no-finish',
  'finish',
  'blocked',
  'raw',
]);

export interface FaultScene {
  readonly model: string | null;
  readonly project: string | null;
  readonly backend: string | null;
  readonly now: number;
}

/** `gemini-4-argon` for `gemini-4-argon-001` and `gemini-4-argon-preview-11-2026`. */
function baseOf(model: string): string {
  return model.replace(/-(\d{3}|latest|preview(-\d+)*)$/, '');
}

function sceneOf(fault: Fault, scene: FaultScene): Scene {
  const model = scene.model ?? 'unknown';
  return {
    model,
    base: fault.base ?? baseOf(model),
    project: scene.project ?? 'unknown',
    backend: scene.backend ?? 'gemini',
    service: serviceOf(scene.backend),
    now: scene.now,
    seconds: (otherwise) => fault.seconds ?? otherwise,
  };
}

export function serviceOf(backend: string | null): string {
  return backend === 'vertex' ? 'aiplatform.googleapis.com' : 'generativelanguage.googleapis.com';
}

/** The refusal a fault stands for; null for faults of the wire. */
export function refusalOf(fault: Fault, scene: FaultScene): Refusal | null {
  if (fault.kind === 'raw') return dress(fault, { status: fault.status ?? 200, body: '' });
  const table = scene.backend === 'oauth' ? tokenRefusals : refusals;
  const refuse = table[fault.kind];
  if (refuse) return dress(fault, refuse(sceneOf(fault, scene)));
  if (wireKinds.has(fault.kind)) return null;
  throw new Error(`No fault "${fault.kind}" for ${scene.backend}`);
}

/** The error that a `stream-error` puts into a stream that began with 200. */
export function streamErrorOf(fault: Fault, scene: FaultScene): Refusal {
  const refuse = refusals[fault.error ?? 'unavailable'];
  if (!refuse) throw new Error(`No fault "${fault.error}" to put into a stream`);
  return refuse(sceneOf(fault, scene));
}

function dress(fault: Fault, plain: Refusal): Refusal {
  const headers = { ...plain.headers, ...fault.headers };
  return { status: plain.status, headers, body: dressedBody(fault, plain) };
}

function dressedBody(fault: Fault, plain: Refusal): Refusal['body'] {
  if (fault.body !== undefined) return fault.body;
  if (!isObject(plain.body)) return plain.body;
  let body = plain.body;
  if (fault.nested) {
    const message = JSON.stringify(body);
    body = { error: { code: plain.status, message, status: 'UNKNOWN' } };
  }
  return fault.wrapped ? `[${JSON.stringify(body, null, 2)}\n]\n` : body;
}
