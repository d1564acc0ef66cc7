// Tries a credential at Google: a token, and one tiny call.
import { createSign } from 'node:crypto';
import { isObject, type JsonObject, textIn } from '../googlestub/json.ts';
import type { Credential } from './credential.ts';
import { messageOf } from './stop.ts';

export interface Endpoints {
  readonly token?: string | undefined;
  readonly vertex?: string | undefined;
  readonly gemini?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
}

export type Trial =
  | { readonly ok: true }
  | { readonly ok: false; readonly fault: string; readonly advice: string };
type Minted = { readonly token: string } | { readonly fault: string; readonly advice: string };

export const defaultModel = 'gemini-3.8-flash';
const scope = 'https://www.googleapis.com/auth/cloud-platform';
const patienceMs = 30_000;
const googleToken = 'https://oauth2.googleapis.com/token';

/** Mints a token where the credential needs one and asks the model for one word. */
export async function tryCredential(
  credential: Credential,
  endpoints: Endpoints,
  model: string,
): Promise<Trial> {
  const headers = await authorisation(credential, endpoints);
  if ('fault' in headers) return { ok: false, ...headers };
  const body = {
    contents: [{ role: 'user', parts: [{ text: 'Say OK.' }] }],
    generationConfig: { maxOutputTokens: 16 },
  };
  const answer = await post(callUrl(credential, endpoints, model), JSON.stringify(body), {
    ...headers,
    'content-type': 'application/json',
  });
  if ('fault' in answer)
    return { ok: false, fault: answer.fault, advice: 'Check the network, then try again.' };
  if (answer.status === 200) return { ok: true };
  const error = isObject(answer.json.error) ? answer.json.error : {};
  const words = textIn(error, 'message') ?? 'no message';
  return {
    ok: false,
    fault: `Google answered ${answer.status}: ${words}`,
    advice: callAdvice(answer.status, words, credential),
  };
}

async function authorisation(credential: Credential, endpoints: Endpoints) {
  if (credential.kind === 'api_key')
    return { 'x-goog-api-key': textIn(credential.document, 'api_key') ?? '' };
  const minted = await mint(credential, endpoints);
  if ('fault' in minted) return minted;
  const quota = textIn(credential.document, 'quota_project_id');
  return {
    authorization: `Bearer ${minted.token}`,
    ...(quota && { 'x-goog-user-project': quota }),
  };
}

async function mint({ kind, document }: Credential, endpoints: Endpoints): Promise<Minted> {
  const url = endpoints.token ?? textIn(document, 'token_uri') ?? googleToken;
  const form = kind === 'service_account' ? signedForm(document) : refreshForm(document, endpoints);
  if (!(form instanceof URLSearchParams)) return form;
  const answer = await post(url, form.toString(), {
    'content-type': 'application/x-www-form-urlencoded',
  });
  if ('fault' in answer)
    return { fault: answer.fault, advice: 'Check the network, then try again.' };
  const token = textIn(answer.json, 'access_token');
  if (answer.status === 200 && token) return { token };
  const reason =
    textIn(answer.json, 'error_description') ?? textIn(answer.json, 'error') ?? 'no reason';
  return { fault: `Google gave no token (${answer.status}): ${reason}`, advice: tokenAdvice(kind) };
}

function signedForm(document: JsonObject): URLSearchParams | { fault: string; advice: string } {
  const issued = Math.floor(Date.now() / 1000);
  const header = { alg: 'RS256', typ: 'JWT', kid: document.private_key_id };
  const aud = textIn(document, 'token_uri') ?? googleToken;
  const claims = { iss: document.client_email, scope, aud, iat: issued, exp: issued + 3600 };
  const signed = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  try {
    const signature = createSign('RSA-SHA256')
      .update(signed)
      .sign(textIn(document, 'private_key') ?? '', 'base64url');
    return new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: `${signed}.${signature}`,
    });
  } catch {
    return { fault: 'its private_key can’t be read', advice: 'Download the key file again.' };
  }
}

function refreshForm(document: JsonObject, endpoints: Endpoints): URLSearchParams {
  return new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: textIn(document, 'client_id') ?? endpoints.clientId ?? '',
    client_secret: textIn(document, 'client_secret') ?? endpoints.clientSecret ?? '',
    refresh_token: textIn(document, 'refresh_token') ?? '',
  });
}

const tokenAdvice = (kind: Credential['kind']): string =>
  kind === 'service_account'
    ? 'The key was deleted or the account disabled: make a new key, see npm run rondo -- init --help. A wrong clock on this machine has the same effect.'
    : 'The sign-in has ended: run gcloud auth application-default login again.';

function callAdvice(status: number, words: string, { project }: Credential): string {
  if (/has not been used|disabled|SERVICE_DISABLED/.test(words)) {
    return `gcloud services enable aiplatform.googleapis.com --project=${project}`;
  }
  if (status === 403)
    return 'Give the account roles/aiplatform.user in its project: see npm run rondo -- init --help.';
  if (status === 404) return 'Try another model with --model, or another location.';
  return status === 429
    ? 'The credential is good, but out of quota now. Try later.'
    : 'Try again later.';
}

function callUrl(
  { backend, project, location }: Credential,
  endpoints: Endpoints,
  model: string,
): string {
  const name = encodeURIComponent(model);
  if (backend === 'gemini') {
    const base = endpoints.gemini ?? 'https://generativelanguage.googleapis.com';
    return `${base.replace(/\/+$/, '')}/v1beta/models/${name}:generateContent`;
  }
  const base = (endpoints.vertex ?? vertexHost(location)).replace(/\/+$/, '');
  const place = `projects/${encodeURIComponent(project)}/locations/${encodeURIComponent(location)}`;
  return `${base}/v1/${place}/publishers/google/models/${name}:generateContent`;
}

function vertexHost(location: string): string {
  if (location === 'global') return 'https://aiplatform.googleapis.com';
  if (location === 'us' || location === 'eu')
    return `https://aiplatform.${location}.rep.googleapis.com`;
  return `https://${encodeURIComponent(location)}-aiplatform.googleapis.com`;
}

type Answer = { readonly status: number; readonly json: JsonObject } | { readonly fault: string };

async function post(url: string, body: string, headers: Record<string, string>): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(patienceMs);
    // A redirect would carry the token to wherever it points.
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers,
      signal,
      redirect: 'manual',
    });
    const json: unknown = await response.json().catch(() => null);
    return { status: response.status, json: isObject(json) ? json : {} };
  } catch (error) {
    return { fault: `Google can’t be reached: ${messageOf(error)}` };
  }
}
