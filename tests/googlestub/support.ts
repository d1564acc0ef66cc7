import { createSign } from 'node:crypto';
import { afterEach, expect } from 'vitest';
import type { Account } from '../../scripts/googlestub/accounts.ts';
import {
  type GoogleStub,
  type GoogleStubOptions,
  startGoogleStub,
} from '../../scripts/googlestub/googlestub.ts';
import { isObject, type JsonObject, textIn } from '../../scripts/googlestub/json.ts';
import { flash, hello, whole } from './samples.ts';

const started: GoogleStub[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((stub) => stub.close()));
});

export async function start(options?: GoogleStubOptions): Promise<GoogleStub> {
  const stub = await startGoogleStub(options);
  started.push(stub);
  return stub;
}

export const scope = 'https://www.googleapis.com/auth/cloud-platform';
const jwtGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A signed assertion as Google's libraries make it, with members changed at will. */
export function assertion(account: Account, claims: object = {}, header: object = {}): string {
  const json = account.json ?? {};
  const iat = Math.floor(Date.now() / 1000);
  const head = base64url({ alg: 'RS256', typ: 'JWT', ...header });
  const body = base64url({
    iss: json.client_email,
    scope,
    aud: 'https://oauth2.googleapis.com/token',
    iat,
    exp: iat + 3600,
    ...claims,
  });
  const key = textIn(json, 'private_key') ?? '';
  const signature = createSign('RSA-SHA256').update(`${head}.${body}`).sign(key, 'base64url');
  return `${head}.${body}.${signature}`;
}

export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  json: JsonObject;
}

export async function read(response: Response): Promise<Answered> {
  const text = await response.text();
  let json: unknown = null;
  try {
    json = JSON.parse(text);
  } catch {
    // Not JSON: the text tells.
  }
  const { status, headers } = response;
  return { status, headers, text, json: isObject(json) ? json : {} };
}

export async function postForm(stub: GoogleStub, form: Record<string, string>) {
  const body = new URLSearchParams(form);
  return read(await fetch(stub.tokenUrl, { method: 'POST', body }));
}

export function jwtBearer(stub: GoogleStub, jwt: string): Promise<Answered> {
  return postForm(stub, { grant_type: jwtGrant, assertion: jwt });
}

export function refreshForm(account: Account): Record<string, string> {
  return {
    grant_type: 'refresh_token',
    client_id: account.clientId,
    client_secret: account.clientSecret,
    refresh_token: account.refreshToken,
  };
}

export async function tokenOf(stub: GoogleStub, account: Account): Promise<string> {
  const answer =
    account.kind === 'service_account'
      ? await jwtBearer(stub, assertion(account))
      : await postForm(stub, refreshForm(account));
  return textIn(answer.json, 'access_token') ?? '';
}

export function vertexUrl(stub: GoogleStub, project: string, call: string): string {
  const path = `/v1/projects/${project}/locations/global/publishers/google/models/${call}`;
  return stub.url + path;
}

export interface AskOptions {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** `call` is model and method, as in a URL. */
export async function askVertex(
  stub: GoogleStub,
  account: Account,
  call = whole,
  options: AskOptions = {},
): Promise<Response> {
  const token = await tokenOf(stub, account);
  return post(vertexUrl(stub, account.project, call), {
    ...options,
    headers: { authorization: `Bearer ${token}`, ...options.headers },
  });
}

export function askGemini(
  stub: GoogleStub,
  account: Account,
  call = whole,
  options: AskOptions = {},
): Promise<Response> {
  return post(`${stub.url}/v1beta/models/${call}`, {
    ...options,
    headers: { 'x-goog-api-key': account.apiKey, ...options.headers },
  });
}

export function post(url: string, { body, headers, signal }: AskOptions): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body ?? hello),
    ...(signal ? { signal } : {}),
  });
}

export type Backend = 'vertex' | 'gemini';

/** What Google says to a body: null when it answers it. */
export async function verdict(
  body: unknown,
  model = flash,
  backend: Backend = 'gemini',
  method = 'generateContent',
): Promise<string | null> {
  const answer = await refusedBy(body, model, backend, method);
  if (answer.status === 200) return null;
  expect(answer.status).toBe(400);
  return String(errorOf(answer).message);
}

export async function refusedBy(
  body: unknown,
  model = flash,
  backend: Backend = 'gemini',
  method = 'generateContent',
): Promise<Answered> {
  const stub = await start();
  const call = `${model}:${method}`;
  return read(
    backend === 'gemini'
      ? await askGemini(stub, stub.addApiKey(), call, { body })
      : await askVertex(stub, stub.addServiceAccount(), call, { body }),
  );
}

export function errorOf({ json }: Answered): JsonObject {
  return isObject(json.error) ? json.error : {};
}

export function sseEvents(text: string): JsonObject[] {
  return text
    .split('\r\n\r\n')
    .filter((event) => event !== '')
    .map((event) => JSON.parse(event.replace(/^data: /, '')) as JsonObject);
}
