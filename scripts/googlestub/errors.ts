import type { JsonObject } from './json.ts';

/** An answer that is not a model's: status, headers and a body as JSON or as text. */
export interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: JsonObject | string;
}

const rpc = 'type.googleapis.com/google.rpc.';

const statusNames: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

export function refusal(status: number, message: string, details: JsonObject[] = []): Refusal {
  const error: JsonObject = { code: status, message, status: statusNames[status] ?? 'UNKNOWN' };
  if (details.length > 0) error.details = details;
  return { status, body: { error } };
}

export function errorInfo(reason: string, metadata: JsonObject, domain?: string): JsonObject {
  return { '@type': `${rpc}ErrorInfo`, reason, domain: domain ?? 'googleapis.com', metadata };
}

export function retryInfo(seconds: number): JsonObject {
  return { '@type': `${rpc}RetryInfo`, retryDelay: `${seconds}s` };
}

export function help(description: string, url: string): JsonObject {
  return { '@type': `${rpc}Help`, links: [{ description, url }] };
}

export function quotaFailure(violation: JsonObject): JsonObject {
  return { '@type': `${rpc}QuotaFailure`, violations: [violation] };
}

export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

/** A body that is not the message Google expects: all faults are told at once, one a line. */
export function badRequest(violations: readonly FieldViolation[]): Refusal {
  const lines = violations.map((violation) => violation.description);
  const fieldViolations = violations.map(({ field, description }) =>
    field === '' ? { description } : { field, description },
  );
  const detail: JsonObject = { '@type': `${rpc}BadRequest`, fieldViolations };
  return refusal(400, lines.join('\n'), [detail]);
}

export function invalidArgument(message: string): Refusal {
  return refusal(400, message);
}

/** What Google's front end answers when no API was reached: a page, no JSON. */
export function htmlPage(status: number, title: string): Refusal {
  const text = `<p><b>${status}.</b> ${title}</p>`;
  const head = `<head><meta charset=utf-8><title>Error ${status} (${title})</title></head>`;
  return {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: `<!DOCTYPE html>\n<html lang=en>\n${head}\n<body>${text}</body>\n</html>\n`,
  };
}

const challenge = {
  'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"',
};

export function tokenRefused(reason: string, service: string): Refusal {
  const message =
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie ' +
    'or other valid authentication credential. See ' +
    'https://developers.google.com/identity/sign-in/web/devconsole-project.';
  return { ...refusal(401, message, [errorInfo(reason, { service })]), headers: challenge };
}

export function credentialMissing(service: string): Refusal {
  const message =
    'Request is missing required authentication credential. Expected OAuth 2 access token, login ' +
    'cookie or other valid authentication credential. See ' +
    'https://developers.google.com/identity/sign-in/web/devconsole-project.';
  const info = errorInfo('CREDENTIALS_MISSING', { service });
  return { ...refusal(401, message, [info]), headers: challenge };
}

export function apiKeyRefused(message: string): Refusal {
  const info = errorInfo('API_KEY_INVALID', { service: 'generativelanguage.googleapis.com' });
  const localized = { '@type': `${rpc}LocalizedMessage`, locale: 'en-US', message };
  return refusal(400, message, [info, localized]);
}

const serviceTitles: Readonly<Record<string, string>> = {
  'aiplatform.googleapis.com': 'Vertex AI API',
  'generativelanguage.googleapis.com': 'Generative Language API',
};

/** Google tells a project by its number where it can. */
export function serviceDisabled(number: string, service: string): Refusal {
  const title = serviceTitles[service] ?? service;
  const page = `https://console.developers.google.com/apis/api/${service}/overview`;
  const url = `${page}?project=${number}`;
  const message =
    `${title} has not been used in project ${number} before or it is disabled. Enable it by ` +
    `visiting ${url} then retry. If you enabled this API recently, wait a few minutes for the ` +
    'action to propagate to our systems and retry.';
  const metadata = {
    service,
    serviceTitle: title,
    consumer: `projects/${number}`,
    containerInfo: number,
    activationUrl: url,
  };
  const link = help('Google developers console API activation', url);
  return refusal(403, message, [link, errorInfo('SERVICE_DISABLED', metadata)]);
}

export function billingDisabled(number: string, service: string): Refusal {
  const url = `https://console.developers.google.com/billing/enable?project=${number}`;
  const message =
    'This API method requires billing to be enabled. Please enable billing on project ' +
    `#${number} by visiting ${url} then retry. If you enabled billing for this project recently, ` +
    'wait a few minutes for the action to propagate to our systems and retry.';
  const metadata = { service, consumer: `projects/${number}` };
  const link = help('Google developers console billing', url);
  return refusal(403, message, [link, errorInfo('BILLING_DISABLED', metadata)]);
}

/** `resource` as in `projects/p/locations/l/endpoints/1`; `domain`: who says so. */
export function permissionDenied(
  permission: string,
  resource: string,
  domain = 'aiplatform.googleapis.com',
): Refusal {
  const service = `${permission.split('.')[0]}.googleapis.com`;
  const message =
    `Permission '${permission}' denied on resource '//${service}/${resource}' ` +
    '(or it may not exist).';
  return refusal(403, message, [
    errorInfo('IAM_PERMISSION_DENIED', { permission, resource }, domain),
  ]);
}

/** In the words of services that tell who asked: an e-mail, and no details. */
export function accessMissing(email: string, permission: string, to: string): Refusal {
  return refusal(
    403,
    `${email} does not have ${permission} access to the ${to}. ` +
      `Permission '${permission}' denied on resource (or it may not exist).`,
  );
}

/** The consumer as Google names it: `project_number:123456`, or the API key itself. */
export function consumerSuspended(consumer: string, number: string, service: string): Refusal {
  const message = `Permission denied: Consumer '${consumer}' has been suspended.`;
  const metadata = { service, consumer: `projects/${number}`, containerInfo: consumer };
  return refusal(403, message, [errorInfo('CONSUMER_SUSPENDED', metadata)]);
}

export function userProjectDenied(project: string, service: string): Refusal {
  const consumer = `projects/${project}`;
  const page = `https://console.developers.google.com/iam-admin/iam/project?project=${project}`;
  const message =
    `Caller does not have required permission to use project ${project}. Grant the caller the ` +
    'roles/serviceusage.serviceUsageConsumer role, or a custom role with the ' +
    `serviceusage.services.use permission, by visiting ${page} and then retry. Propagation of ` +
    'the new permission may take a few minutes.';
  const link = help('Google developer console IAM admin', page);
  return refusal(403, message, [
    link,
    errorInfo('USER_PROJECT_DENIED', { service, consumer, containerInfo: project }),
  ]);
}

export function scopeInsufficient(service: string, method: string): Refusal {
  const message = 'Request had insufficient authentication scopes.';
  const info = errorInfo('ACCESS_TOKEN_SCOPE_INSUFFICIENT', { service, method });
  return refusal(403, message, [info]);
}
