// What a credential file holds, and how much of it Rondo needs.
import { createHash } from 'node:crypto';
import { isObject, type Json, type JsonObject, textIn } from '../googlestub/json.ts';

export type Kind = 'service_account' | 'authorized_user' | 'oauth_tokens' | 'api_key';

export interface Credential {
  readonly kind: Kind;
  readonly alias: string;
  readonly project: string;
  readonly backend: 'vertex' | 'gemini';
  readonly location: string;
  /** Only the members that Rondo reads. */
  readonly document: JsonObject;
  /** Tells two credentials apart without telling what they hold. */
  readonly fingerprint: string;
}

export type Read = { readonly credential: Credential } | { readonly fault: string };

export interface Defaults {
  readonly project?: string | undefined;
  readonly location?: string | undefined;
}

/** The most that Cloudflare takes as the value of one variable. */
export const variableBytes = 5 * 1024;

const common = [
  'alias',
  'backend',
  'project_id',
  'quota_project_id',
  'location',
  'models',
  'weight',
];
const refreshing = ['refresh_token', 'client_id', 'client_secret', 'token_uri'];
const members: Readonly<Record<Kind, readonly string[]>> = {
  service_account: [
    'type',
    'private_key_id',
    'private_key',
    'client_email',
    'token_uri',
    ...common,
  ],
  authorized_user: ['type', ...refreshing, ...common],
  oauth_tokens: [...refreshing, ...common],
  api_key: ['type', 'api_key', ...common],
};
const identity: Readonly<Record<Kind, readonly string[]>> = {
  service_account: ['client_email', 'private_key_id', 'private_key'],
  authorized_user: ['refresh_token'],
  oauth_tokens: ['refresh_token'],
  api_key: ['api_key'],
};
const usualTokenUri = 'https://oauth2.googleapis.com/token';
const foreign =
  /^(external_account|external_account_authorized_user|impersonated_service_account|gdch_service_account)$/;

/** Reads a credential's text. A fault never quotes it. */
export function readCredential(text: string, defaults: Defaults = {}): Read {
  const bare = text.replace(/^\uFEFF/, '').trim();
  if (bare === '') return { fault: 'is empty' };
  if (/^[\w-]{20,}$/.test(bare))
    return made('api_key', { type: 'api_key', api_key: bare }, defaults);
  const document = jsonOf(bare);
  if (document === undefined) return { fault: 'is neither JSON nor an API key' };
  if (!isObject(document)) return { fault: 'is JSON, but not an object' };
  const kind = kindOf(document);
  return typeof kind === 'string' ? made(kind, document, defaults) : kind;
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function kindOf(document: JsonObject): Kind | { fault: string } {
  const type = textIn(document, 'type') ?? '';
  if (type === 'service_account' || type === 'authorized_user' || type === 'api_key') return type;
  if (foreign.test(type)) {
    return {
      fault: `is of the type ${type}, which Rondo does not support; use a service account's key, gcloud's application default credentials of a user, or an API key`,
    };
  }
  if (type !== '') return { fault: 'has a type that is none of Google’s for credentials' };
  if (document.private_key !== undefined) return 'service_account';
  if (document.api_key !== undefined) return 'api_key';
  if (document.refresh_token !== undefined) return 'oauth_tokens';
  if (document.installed !== undefined || document.web !== undefined) {
    return { fault: 'is an OAuth client, not a credential: sign in with it first' };
  }
  return { fault: 'is no credential: it has no type, private_key, refresh_token or api_key' };
}

function made(kind: Kind, whole: JsonObject, defaults: Defaults): Read {
  const missing = identity[kind].find((name) => !textIn(whole, name)?.trim());
  if (missing) return { fault: `lacks ${missing}` };
  const key = textIn(whole, 'private_key');
  if (kind === 'service_account' && !key?.includes('-----BEGIN PRIVATE KEY-----')) {
    return { fault: 'has a private_key that is not a PEM text in PKCS #8' };
  }
  const elsewhere = placeFault(whole);
  if (elsewhere) return { fault: elsewhere };
  const document = stripped(kind, whole);
  const vertex = kind !== 'api_key';
  const backend = textIn(whole, 'backend') ?? (vertex ? 'vertex' : 'gemini');
  if (backend !== 'vertex' && backend !== 'gemini') {
    return { fault: 'has a backend that is neither vertex nor gemini' };
  }
  const project =
    textIn(whole, 'project_id') ?? textIn(whole, 'quota_project_id') ?? defaults.project ?? '';
  if (backend === 'vertex' && project === '') {
    return { fault: 'names no project, which Vertex AI needs: add project_id, or give --project' };
  }
  if (
    vertex &&
    document.project_id === undefined &&
    document.quota_project_id === undefined &&
    project !== ''
  ) {
    document.project_id = project;
  }
  const location = textIn(whole, 'location') ?? defaults.location ?? 'global';
  const fingerprint = createHash('sha256')
    .update([kind, ...identity[kind].map((name) => textIn(whole, name))].join('\n'))
    .digest('hex')
    .slice(0, 16);
  const alias = textIn(whole, 'alias') ?? suggestion(kind, whole, project, fingerprint);
  document.alias = alias;
  return { credential: { kind, alias, project, backend, location, document, fingerprint } };
}

/** What is signed or refreshed is for Google alone. */
function placeFault(whole: JsonObject): string | undefined {
  const uri = textIn(whole, 'token_uri') ?? usualTokenUri;
  if (!/^https:\/\/(oauth2\.googleapis\.com|www\.googleapis\.com\/oauth2)\/[\w/.-]+$/.test(uri)) {
    return 'has a token_uri that is not Google’s';
  }
  const universe = textIn(whole, 'universe_domain') ?? 'googleapis.com';
  return universe === 'googleapis.com' ? undefined : 'is for a cloud that is not googleapis.com';
}

function stripped(kind: Kind, whole: JsonObject): JsonObject {
  const kept = members[kind].flatMap((name) => {
    const value = whole[name];
    const idle =
      value === undefined || value === '' || (name === 'token_uri' && value === usualTokenUri);
    return idle ? [] : [[name, value] as const];
  });
  return Object.fromEntries(kept);
}

/** A short name: the account's own, or its project's. */
function suggestion(kind: Kind, whole: JsonObject, project: string, fingerprint: string): string {
  const account = textIn(whole, 'client_email')?.split('@')[0] ?? '';
  const name = account || (kind === 'api_key' ? '' : project);
  return cleanAlias(name) || `${kind.replace('_', '-')}-${fingerprint.slice(0, 4)}`;
}

const cleanAlias = (name: string): string =>
  name
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);

/** What is wrong with a name for a credential; undefined when nothing is. */
export const aliasFault = (alias: string): string | undefined =>
  /^[\x21-\x7e]{1,64}$/.test(alias)
    ? undefined
    : 'An alias has 1 to 64 characters of plain ASCII, without blanks.';

export const named = (credential: Credential, alias: string): Credential => ({
  ...credential,
  alias,
  document: { ...credential.document, alias },
});

/** As it goes into a variable. */
export const textOf = (credential: Credential): string => JSON.stringify(credential.document);

/** Gives each a name that no other has, by a number behind it. */
export function distinct(
  credentials: readonly Credential[],
  taken: readonly string[] = [],
): Credential[] {
  const names = new Set(taken);
  return credentials.map((credential) => {
    let alias = credential.alias;
    for (let number = 2; names.has(alias); number += 1) alias = `${credential.alias}-${number}`;
    names.add(alias);
    return alias === credential.alias ? credential : named(credential, alias);
  });
}
