import type { KeyObject } from 'node:crypto';
import type { JsonObject } from './json.ts';
import { keyPair, secretText } from './keys.ts';
import { projectNumber } from './projects.ts';

export const accountKinds = [
  'service_account',
  'authorized_user',
  'oauth_tokens',
  'api_key',
] as const;

export type AccountKind = (typeof accountKinds)[number];

export interface AccountOptions {
  /** Several accounts may share a project, and with it its quotas. */
  project?: string;
  /** Members added to the credential's JSON: `alias`, `models`, `weight` … */
  extra?: JsonObject;
  /** Service accounts: the `token_uri` of the key file. */
  tokenUri?: string;
  /** OAuth tokens: put the client pair inside, as gemini-cli does not. */
  ownClient?: boolean;
  /** OAuth tokens: put a valid access token and its `expiry_date` inside. */
  withAccessToken?: boolean;
}

export interface Account {
  readonly name: string;
  readonly kind: AccountKind;
  readonly project: string;
  /** The project's number, which Google's messages name. */
  readonly projectNumber: string;
  readonly email: string;
  /** What a credential variable of the worker holds. */
  readonly secret: string;
  readonly json: JsonObject | null;
  readonly tokenUri: string;
  readonly publicKey: KeyObject | null;
  readonly keyId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly apiKey: string;
  /** Projects it may use; more may be added. */
  readonly projects: Set<string>;
  revoked: boolean;
  suspended: boolean;
  roleMissing: boolean;
}

export interface Token {
  readonly value: string;
  readonly account: Account;
  readonly expires: number;
  readonly scopes: readonly string[];
  revoked: boolean;
}

export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
}

export const googleTokenUri = 'https://oauth2.googleapis.com/token';
export const cloudScope = 'https://www.googleapis.com/auth/cloud-platform';
const userScopes = [cloudScope, 'https://www.googleapis.com/auth/userinfo.email', 'openid'];

function makeClient(): OAuthClient {
  return {
    id: `${secretText('sim-', 12).toLowerCase()}.apps.googleusercontent.com`,
    secret: secretText('sim-secret-'),
  };
}

/** Every credential the stub knows, and the tokens that it minted for them. */
export class Accounts {
  /** Issued the `oauth_tokens` credentials; what OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET name. */
  readonly sharedClient = makeClient();
  readonly disabledProjects = new Set<string>();
  readonly #userClient = makeClient();
  readonly #accounts: Account[] = [];
  readonly #tokens = new Map<string, Token>();
  readonly #byApiKey = new Map<string, Account>();
  #keys = 0;

  all(): readonly Account[] {
    return this.#accounts;
  }

  find(name: string | null): Account | null {
    return this.#accounts.find((candidate) => candidate.name === name) ?? null;
  }

  named(name: string): Account {
    const account = this.find(name);
    if (!account) throw new Error(`The stub has no account "${name}"`);
    return account;
  }

  addServiceAccount(options: AccountOptions = {}): Account {
    const base = this.#base('service_account', options);
    const pair = keyPair(this.#keys++);
    const tokenUri = options.tokenUri ?? googleTokenUri;
    const json: JsonObject = {
      type: 'service_account',
      project_id: base.project,
      private_key_id: pair.id,
      private_key: pair.privatePem,
      client_email: base.email,
      client_id: String(100_000_000_000_000 + this.#accounts.length),
      auth_uri: 'https://accounts.google.com/o/oauth2/auth',
      token_uri: tokenUri,
      auth_provider_x509_cert_url: 'https://www.googleapis.com/oauth2/v1/certs',
      universe_domain: 'googleapis.com',
      ...options.extra,
    };
    const key = { publicKey: pair.publicKey, keyId: pair.id, tokenUri };
    return this.#add({ ...base, ...key, json, secret: JSON.stringify(json) });
  }

  addAuthorizedUser(options: AccountOptions = {}): Account {
    const base = this.#base('authorized_user', options);
    const refreshToken = secretText('1//0sim/');
    const json: JsonObject = {
      type: 'authorized_user',
      client_id: this.#userClient.id,
      client_secret: this.#userClient.secret,
      refresh_token: refreshToken,
      quota_project_id: base.project,
      account: '',
      universe_domain: 'googleapis.com',
      ...options.extra,
    };
    const client = { clientId: this.#userClient.id, clientSecret: this.#userClient.secret };
    return this.#add({ ...base, ...client, refreshToken, json, secret: JSON.stringify(json) });
  }

  /** The shape of gemini-cli's `oauth_creds.json`: a project has to come from elsewhere. */
  addOAuthTokens(now: number, lifetime: number, options: AccountOptions = {}): Account {
    const base = this.#base('oauth_tokens', options);
    const refreshToken = secretText('1//0sim/');
    const { id, secret } = this.sharedClient;
    const accessToken = secretText('ya29.');
    const expiry = now + lifetime * 1000;
    const json: JsonObject = {
      refresh_token: refreshToken,
      scope: userScopes.join(' '),
      token_type: 'Bearer',
      ...(options.withAccessToken ? { access_token: accessToken, expiry_date: expiry } : {}),
      ...(options.ownClient ? { client_id: id, client_secret: secret } : {}),
      ...options.extra,
    };
    const client = { clientId: id, clientSecret: secret };
    const account = { ...base, ...client, refreshToken, json, secret: JSON.stringify(json) };
    this.#add(account);
    if (options.withAccessToken) this.#keep(account, accessToken, expiry, userScopes);
    return account;
  }

  addApiKey(options: AccountOptions = {}): Account {
    const base = this.#base('api_key', options);
    const apiKey = secretText('AIza', 26);
    const json = options.extra ? { type: 'api_key', api_key: apiKey, ...options.extra } : null;
    const account = { ...base, apiKey, json, secret: json ? JSON.stringify(json) : apiKey };
    this.#byApiKey.set(apiKey, account);
    return this.#add(account);
  }

  byEmail(email: string): Account | undefined {
    return this.#accounts.find((account) => account.publicKey && account.email === email);
  }

  byRefreshToken(token: string): Account | undefined {
    return this.#accounts.find((account) => account.refreshToken === token && token !== '');
  }

  byApiKey(key: string): Account | undefined {
    return this.#byApiKey.get(key);
  }

  client(id: string): OAuthClient | undefined {
    return [this.sharedClient, this.#userClient].find((client) => client.id === id);
  }

  mint(account: Account, expires: number, scopes: readonly string[]): Token {
    const prefix = account.kind === 'service_account' ? 'ya29.c.' : 'ya29.';
    return this.#keep(account, secretText(prefix, 96), expires, scopes);
  }

  token(value: string): Token | undefined {
    return this.#tokens.get(value);
  }

  /** From now on the API answers 401 to the tokens it has, though none of them expired. */
  revokeTokens(account: Account): void {
    for (const token of this.#tokens.values()) {
      if (token.account === account) token.revoked = true;
    }
  }

  userScopes(): readonly string[] {
    return userScopes;
  }

  #keep(account: Account, value: string, expires: number, scopes: readonly string[]): Token {
    const token = { value, account, expires, scopes, revoked: false };
    this.#tokens.set(value, token);
    return token;
  }

  #add(account: Account): Account {
    this.#accounts.push(account);
    return account;
  }

  #base(kind: AccountKind, options: AccountOptions): Account {
    const number = this.#accounts.length + 1;
    const project = options.project ?? `sim-project-${number}`;
    const host = kind === 'service_account' ? `${project}.iam.gserviceaccount.com` : 'sim.example';
    return {
      name: `sim-account-${number}`,
      kind,
      project,
      projectNumber: projectNumber(project),
      email: `rondo-${number}@${host}`,
      secret: '',
      json: null,
      tokenUri: googleTokenUri,
      publicKey: null,
      keyId: '',
      clientId: '',
      clientSecret: '',
      refreshToken: '',
      apiKey: '',
      projects: new Set([project]),
      revoked: false,
      suspended: false,
      roleMissing: false,
    };
  }
}
