import type { IncomingHttpHeaders } from 'node:http';
import type { Account, Accounts } from './accounts.ts';
import * as errors from './errors.ts';
import { type Refusal, refusal } from './errors.ts';
import { consumerOf, serviceOf } from './faults.ts';
import { mayCallGemini, mayCallVertex } from './oauth.ts';
import { projectNumber } from './projects.ts';
import type { Route } from './routes.ts';

export interface Identity {
  /** Whose credential it is, even when it isn't good any more. */
  readonly account: Account | null;
  readonly scopes: readonly string[];
  readonly refusal: Refusal | null;
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/**
 * Who calls: https://cloud.google.com/docs/authentication and
 * https://ai.google.dev/gemini-api/docs/api-key
 */
export function identify(
  route: Route,
  headers: IncomingHttpHeaders,
  accounts: Accounts,
  now: number,
): Identity {
  const key = header(headers, 'x-goog-api-key');
  if (key !== undefined && route.method !== 'openai') return byKey(route, key, accounts);
  const authorization = header(headers, 'authorization');
  const bearer = /^Bearer (AI\S+)$/.exec(authorization ?? '')?.[1];
  // https://ai.google.dev/gemini-api/docs/openai
  if (bearer !== undefined && route.method === 'openai') return byKey(route, bearer, accounts);
  if (authorization !== undefined) return byToken(route, authorization, accounts, now);
  const missing =
    route.backend === 'vertex'
      ? errors.credentialMissing(serviceOf('vertex'))
      : refusal(
          403,
          "Method doesn't allow unregistered callers (callers without established identity). " +
            'Please use API Key or other form of API consumer identity to call this API.',
        );
  return { account: null, scopes: [], refusal: missing };
}

function byKey(route: Route, key: string, accounts: Accounts): Identity {
  const account = accounts.byApiKey(key) ?? null;
  const identity = (fault: Refusal | null): Identity => ({ account, scopes: [], refusal: fault });
  if (route.backend === 'vertex' && !isExpress(route, account)) {
    const message =
      'API keys are not supported by this API. Expected OAuth2 access token or other ' +
      'authentication credentials that assert a principal. See ' +
      'https://cloud.google.com/docs/authentication';
    const info = errors.errorInfo('CREDENTIALS_MISSING', { service: serviceOf('vertex') });
    return identity(refusal(401, message, [info]));
  }
  if (!account) {
    return identity(errors.apiKeyRefused('API key not valid. Please pass a valid API key.'));
  }
  if (account.revoked) {
    return identity(errors.apiKeyRefused('API key expired. Please renew the API key.'));
  }
  return identity(null);
}

/** https://cloud.google.com/vertex-ai/generative-ai/docs/start/express-mode/overview: such a key names its project. */
function isExpress({ project }: Route, account: Account | null): boolean {
  return project === null && account?.json?.backend === 'vertex';
}

function byToken(route: Route, value: string, accounts: Accounts, now: number): Identity {
  const token = accounts.token(/^Bearer (\S+)$/i.exec(value)?.[1] ?? '');
  const service = serviceOf(route.backend);
  if (!token) {
    const refused = errors.tokenRefused('ACCESS_TOKEN_TYPE_UNSUPPORTED', service);
    return { account: null, scopes: [], refusal: refused };
  }
  const spent = token.revoked || token.account.revoked || token.expires <= now;
  const refused = spent ? errors.tokenRefused('ACCESS_TOKEN_EXPIRED', service) : null;
  return { account: token.account, scopes: token.scopes, refusal: refused };
}

/** Whether the caller, who is who he says, may do this here. */
export function authorise(
  route: Route,
  { account, scopes }: Identity,
  headers: IncomingHttpHeaders,
  accounts: Accounts,
): Refusal | null {
  if (!account) return null;
  const service = serviceOf(route.backend);
  const consumer = header(headers, 'x-goog-user-project');
  const project = route.project ?? consumer ?? account.project;
  if (account.kind !== 'api_key') {
    const allowed = route.backend === 'vertex' ? mayCallVertex(scopes) : mayCallGemini(scopes);
    if (!allowed) return errors.scopeInsufficient(service, route.method ?? route.kind);
    if (consumer !== undefined && !account.projects.has(consumer)) {
      return errors.userProjectDenied(consumer, service);
    }
    if (needsQuotaProject(route, account) && consumer === undefined) return quotaProjectMissing();
  }
  // A key is of a project. That another word about it is refused, and in which words, is a guess.
  if (account.kind === 'api_key' && consumer !== undefined) {
    return errors.userProjectDenied(consumer, service);
  }
  const number = projectNumber(project);
  if (account.suspended) {
    return errors.consumerSuspended(consumerOf(account, project), number, service);
  }
  if (accounts.disabledProjects.has(project)) return errors.serviceDisabled(number, service);
  if (!account.projects.has(project) || account.roleMissing) {
    return errors.permissionDenied('aiplatform.endpoints.predict', resourceOf(route, project));
  }
  return null;
}

function resourceOf(route: Route, project: string): string {
  if (!route.location || !route.model) return `projects/${project}`;
  const isEndpoint = route.model.startsWith('endpoints/');
  const name = isEndpoint ? route.model : `publishers/google/models/${route.model}`;
  return `projects/${project}/locations/${route.location}/${name}`;
}

/**
 * A user's own token names no project:
 * https://cloud.google.com/docs/authentication/rest#set-billing-project
 */
function needsQuotaProject(route: Route, account: Account): boolean {
  return route.backend === 'gemini' && account.kind !== 'service_account';
}

function quotaProjectMissing(): Refusal {
  const service = serviceOf('gemini');
  const message =
    'Your application is authenticating by using local Application Default Credentials. The ' +
    `${service} API requires a quota project, which is not set by default.`;
  const info = errors.errorInfo('SERVICE_DISABLED', { service, consumer: 'projects/0' });
  return refusal(403, message, [info]);
}
