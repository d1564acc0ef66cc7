import { bareRefusal } from './callturns.ts';
import * as errors from './errors.ts';
import { errorInfo, type Refusal, refusal } from './errors.ts';
import { olderForm, sharedPoolBusy, spent, spentBase, spentShared, spentTokens } from './quota.ts';
import { bucketStyles, storedWords } from './stored.ts';

export interface Scene {
  readonly model: string;
  /** The model that the id is a version of. */
  readonly base: string;
  readonly project: string;
  /** The project's. */
  readonly number: string;
  /** The account's. */
  readonly email: string;
  /** As Google names who calls: a project's number, or an API key. */
  readonly consumer: string;
  readonly service: string;
  readonly backend: string;
  readonly now: number;
  /** What the fault says, else the table's own figure. */
  readonly seconds: (otherwise: number) => number;
}

export type Refuse = (scene: Scene) => Refusal;

/** A reset told by its time alone, to see that the time is read. */
function resetTime(scene: Scene, seconds: number): Refusal {
  const stamp = new Date(scene.now + seconds * 1000).toISOString();
  const metadata = { model: scene.model, quotaResetTimeStamp: stamp };
  return refusal(429, 'Quota exceeded.', [errorInfo('RATE_LIMIT_EXCEEDED', metadata)]);
}

function precondition(message: string): Refusal {
  const error = { code: 400, message, status: 'FAILED_PRECONDITION' };
  return { status: 400, body: { error } };
}

const prepaidSpent =
  'Your prepayment credits are depleted. Please go to AI Studio at https://ai.studio/projects to ' +
  'manage your project and billing.';
const newer =
  'Please update your code to use models/gemini-3.8-flash for the latest features and improvements.';
const tooManyStates =
  'The specified schema produces a constraint that has too many states for serving. Typical ' +
  'causes of this error are schemas with lots of text (for example, very long property or enum ' +
  'names), schemas with long array length limits (especially when nested), or schemas using ' +
  'complex value matchers (for example, integers or numbers with minimum/maximum bounds or ' +
  'strings with complex formats like date-time)';
const highDemand =
  'This model is currently experiencing high demand. Spikes in demand are usually temporary. ' +
  'Please try again later.';

/** 429, one of each kind that Google sends. */
export const limited = {
  minute: (s) => spent('Minute', 10, s.model, s.service, s.seconds(44.09774)),
  'minute-shared': (s) => spentShared(60, s.service, s.seconds(44.09774)),
  'minute-base': (s) => spentBase(s.base, s.service, s.seconds(44.09774)),
  day: (s) => spent('Day', 250, s.model, s.service, s.seconds(12.5)),
  'tokens-minute': (s) => spentTokens(s.model, s.service, s.seconds(31)),
  'limit-zero': (s) => spent('Day', 0, s.model, s.service, s.seconds(12.5)),
  'older-form': (s) => olderForm(s.number, s.service),
  'no-details': () => sharedPoolBusy(),
  exhausted: () => refusal(429, 'Resource has been exhausted (e.g. check quota).'),
  /** Caches of a free plan: https://github.com/RaunoT/plex-rewind/pull/261 */
  'cache-storage': ({ model }) =>
    refusal(
      429,
      `TotalCachedContentStorageTokensPerModelFreeTier limit exceeded for model ${model}: limit=0, ` +
        'requested=116563',
    ),
  'reset-time': (s) => resetTime(s, s.seconds(90)),
  'retry-after': (s) => ({
    ...refusal(429, 'Too many requests.'),
    headers: { 'retry-after': String(s.seconds(30)) },
  }),
  'html-429': () => errors.htmlPage(429, 'Too Many Requests'),
  prepaid: () => refusal(429, prepaidSpent),
} satisfies Record<string, Refuse>;

/** The credential is at fault, or what it may do. */
export const denied = {
  unauthenticated: (s) => errors.tokenRefused('ACCESS_TOKEN_EXPIRED', s.service),
  forbidden: () => refusal(403, 'The caller does not have permission'),
  'denied-access': () =>
    refusal(403, 'Your project has been denied access. Please contact support.'),
  'service-disabled': (s) => errors.serviceDisabled(s.number, s.service),
  'iam-denied': (s) =>
    errors.permissionDenied('aiplatform.endpoints.predict', `projects/${s.project}`),
  scope: (s) => errors.scopeInsufficient(s.service, 'GenerateContent'),
  'user-project': (s) => errors.userProjectDenied(s.project, s.service),
  suspended: (s) => errors.consumerSuspended(s.consumer, s.number, s.service),
  billing: (s) => errors.billingDisabled(s.number, s.service),
  'account-forbidden': (s) =>
    errors.accessMissing(s.email, 'serviceusage.services.use', 'Google Cloud project'),
  tos: (s) =>
    refusal(403, 'This service has been disabled in this account for violation of terms.', [
      errorInfo('TOS_VIOLATION', {
        service: s.service,
        appeal_url: 'https://support.google.com/accounts/contact/suspended',
        appeal_url_link_text: 'Appeal',
      }),
    ]),
  'key-invalid': () => errors.apiKeyRefused('API key not valid. Please pass a valid API key.'),
  'key-leaked': () =>
    refusal(403, 'Your API key was reported as leaked. Please use another API key.'),
  'key-expired': () => errors.apiKeyRefused('API key expired. Please renew the API key.'),
  location: () => precondition('User location is not supported for the API use.'),
  signature: () => errors.invalidArgument('Corrupted thought signature.'),
  invalid: () => errors.invalidArgument(bareRefusal),
  'schema-states': () => errors.invalidArgument(tooManyStates),
  /** A model's end, of which lists still tell: quoted by its callers, as is what new ones are told. */
  'model-retired': (s) =>
    refusal(404, `This model models/${s.model} is no longer available. ${newer}`),
  'model-closed': (s) =>
    refusal(404, `This model models/${s.model} is no longer available to new users. ${newer}`),
  'not-found': (s) =>
    s.backend === 'vertex'
      ? refusal(404, 'Requested entity was not found.')
      : refusal(404, `models/${s.model} is not found for API version v1beta.`),
} satisfies Record<string, Refuse>;

const object = 'others/cat.png';
const othersCache = 'projects/other/locations/global/cachedContents/123';

/** What the request names is not for its credential: the request is at fault, though it is a 403. */
export const named = {
  'bucket-denied': (s) => bucketStyles.detailed(s.project, object),
  'bucket-denied-bare': (s) => bucketStyles.bare(s.project),
  'bucket-denied-input': () => bucketStyles.input(),
  'cache-denied': () => storedWords.cache(othersCache),
  'cache-use-denied': () => storedWords.cacheUse(othersCache),
  'cache-missing': () => storedWords.geminiCache(),
  'file-denied': () => storedWords.file('abc123'),
  'endpoint-denied': () => storedWords.endpoint('projects/other/locations/global/endpoints/123'),
} satisfies Record<string, Refuse>;

/** Google's own trouble. */
export const broken = {
  cancelled: () => refusal(499, 'The operation was cancelled.'),
  internal: () => refusal(500, 'Internal error encountered.'),
  'bad-gateway': () => errors.htmlPage(502, 'Server Error'),
  unavailable: () => refusal(503, 'The model is overloaded. Please try again later.'),
  demand: () => refusal(503, highDemand),
  deadline: () => refusal(504, 'The request timed out. Please try again.'),
} satisfies Record<string, Refuse>;
