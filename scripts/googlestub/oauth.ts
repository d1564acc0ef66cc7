import { verify } from 'node:crypto';
import { type Account, type Accounts, cloudScope, googleTokenUri } from './accounts.ts';
import type { JsonObject } from './json.ts';
import { isObject, numberIn, textIn } from './json.ts';

export interface TokenAnswer {
  readonly status: number;
  readonly body: JsonObject;
  readonly account: Account | null;
}

export interface TokenRequest {
  readonly form: URLSearchParams;
  readonly contentType: string;
  /** Moves with `advance`: decides when the minted token expires. */
  readonly now: number;
  /** The callers' own clock, which a JWT's times are compared with. */
  readonly callerNow: number;
}

export interface OAuthOptions {
  /** A JWT must name this, or the `token_uri` of its key file, as its audience. */
  audience?: string;
  /** Seconds a minted token lives: `expires_in`. */
  tokenLifetime?: number;
}

const jwtGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const skewSeconds = 300;
const longestLife = 3600;
const knownScope =
  /^(openid|email|profile|https:\/\/www\.googleapis\.com\/auth\/[a-z][a-z0-9._-]*)$/;

function fail(
  status: number,
  error: string,
  description: string,
  account: Account | null = null,
): TokenAnswer {
  return { status, body: { error, error_description: description }, account };
}

/** The token endpoint: https://developers.google.com/identity/protocols/oauth2/service-account */
export class TokenEndpoint {
  readonly #accounts: Accounts;
  readonly #options: OAuthOptions;

  constructor(accounts: Accounts, options: OAuthOptions) {
    this.#accounts = accounts;
    this.#options = options;
  }

  /** Whose grant this is, before it is judged; faults are scripted per account. */
  accountOf(form: URLSearchParams): Account | null {
    const claims = decodeJwt(form.get('assertion') ?? '')?.claims;
    const issuer = claims ? textIn(claims, 'iss') : undefined;
    if (issuer !== undefined) return this.#accounts.byEmail(issuer) ?? null;
    return this.#accounts.byRefreshToken(form.get('refresh_token') ?? '') ?? null;
  }

  answer(request: TokenRequest): TokenAnswer {
    if (!/^application\/x-www-form-urlencoded\b/i.test(request.contentType)) {
      return fail(400, 'invalid_request', 'Request must be application/x-www-form-urlencoded.');
    }
    for (const name of new Set(request.form.keys())) {
      if (request.form.getAll(name).length > 1) {
        return fail(400, 'invalid_request', `Parameter may be given only once: ${name}`);
      }
    }
    const grant = request.form.get('grant_type');
    if (grant === jwtGrant) return this.#jwtBearer(request);
    if (grant === 'refresh_token') return this.#refresh(request);
    if (!grant) return fail(400, 'invalid_request', 'Missing required parameter: grant_type');
    return fail(400, 'unsupported_grant_type', `Invalid grant_type: ${grant}`);
  }

  #jwtBearer({ form, now, callerNow }: TokenRequest): TokenAnswer {
    const assertion = form.get('assertion');
    if (!assertion) return fail(400, 'invalid_request', 'Missing required parameter: assertion');
    const jwt = decodeJwt(assertion);
    if (!jwt) return fail(400, 'invalid_grant', 'Invalid JWT: malformed assertion.');
    const account = this.#accounts.byEmail(textIn(jwt.claims, 'iss') ?? '');
    if (!account?.publicKey || account.revoked) {
      return fail(400, 'invalid_grant', 'Invalid grant: account not found', account);
    }
    const fault = this.#jwtFault(jwt, account, callerNow);
    if (fault) return fail(400, 'invalid_grant', fault, account);
    const scope = textIn(jwt.claims, 'scope') ?? '';
    const scopes = scope.split(' ');
    if (scope === '') {
      return fail(400, 'invalid_scope', 'Empty or missing scope not allowed.', account);
    }
    if (!scopes.every((item) => knownScope.test(item))) {
      const text = 'Invalid OAuth scope or ID token audience provided.';
      return fail(400, 'invalid_scope', text, account);
    }
    return this.#mint(account, scopes, now);
  }

  #jwtFault(jwt: Jwt, account: Account, callerNow: number): string | null {
    if (jwt.header.alg !== 'RS256' || !signedBy(jwt, account)) return 'Invalid JWT Signature.';
    const audiences = [this.#options.audience ?? googleTokenUri, account.tokenUri];
    const audience = textIn(jwt.claims, 'aud');
    if (!audience || !audiences.includes(audience)) {
      return `Invalid JWT: Failed audience check. The right audience is ${audiences[0]}`;
    }
    if (jwt.claims.sub !== undefined && jwt.claims.sub !== account.email) {
      return 'Invalid JWT: sub names another account, which needs domain-wide delegation.';
    }
    return timesFault(jwt.claims, callerNow / 1000);
  }

  #refresh({ form, now }: TokenRequest): TokenAnswer {
    const clientId = form.get('client_id');
    if (!clientId) {
      return fail(400, 'invalid_request', 'Could not determine client ID from request.');
    }
    const token = form.get('refresh_token');
    if (!token) return fail(400, 'invalid_request', 'Missing required parameter: refresh_token');
    const account = this.#accounts.byRefreshToken(token);
    const client = this.#accounts.client(clientId);
    if (!client) return fail(401, 'invalid_client', 'The OAuth client was not found.', account);
    if (form.get('client_secret') !== client.secret) {
      const text = 'The provided client secret is invalid.';
      return fail(401, 'invalid_client', text, account);
    }
    if (!account || account.clientId !== clientId) {
      return fail(400, 'invalid_grant', 'Bad Request', account);
    }
    if (account.revoked) {
      const text = 'Token has been expired or revoked.';
      return fail(400, 'invalid_grant', text, account);
    }
    return this.#mint(account, this.#accounts.userScopes(), now);
  }

  #mint(account: Account, scopes: readonly string[], now: number): TokenAnswer {
    const lifetime = this.#options.tokenLifetime ?? 3599;
    const token = this.#accounts.mint(account, now + lifetime * 1000, scopes);
    const body: JsonObject = {
      access_token: token.value,
      expires_in: lifetime,
      scope: scopes.join(' '),
      token_type: 'Bearer',
    };
    return { status: 200, body, account };
  }
}

interface Jwt {
  readonly signed: string;
  readonly signature: Buffer;
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

function decodeJwt(text: string): Jwt | null {
  // Base64url without padding, nothing else: RFC 7515, section 2.
  const parts = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/.exec(text);
  if (!parts) return null;
  const [, head = '', body = '', signature = ''] = parts;
  const header = decodeObject(head);
  const claims = decodeObject(body);
  if (!header || !claims) return null;
  return {
    signed: `${head}.${body}`,
    signature: Buffer.from(signature, 'base64url'),
    header,
    claims,
  };
}

function decodeObject(base64: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64, 'base64url').toString('utf8'));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function signedBy(jwt: Jwt, account: Account): boolean {
  if (!account.publicKey) return false;
  const kid = jwt.header.kid;
  if (kid !== undefined && kid !== account.keyId) return false;
  return verify('RSA-SHA256', Buffer.from(jwt.signed), account.publicKey, jwt.signature);
}

function timesFault(claims: JsonObject, now: number): string | null {
  const issued = numberIn(claims, 'iat');
  const expires = numberIn(claims, 'exp');
  const sane =
    issued !== undefined &&
    expires !== undefined &&
    Number.isInteger(issued) &&
    Number.isInteger(expires) &&
    expires > issued &&
    expires - issued <= longestLife &&
    issued <= now + skewSeconds &&
    expires > now;
  if (sane) return null;
  return (
    'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. ' +
    'Check your iat and exp values in the JWT claim.'
  );
}

/**
 * Vertex asks for the cloud scope:
 * https://developers.google.com/identity/protocols/oauth2/scopes#aiplatform
 */
export function mayCallVertex(scopes: readonly string[]): boolean {
  return scopes.includes(cloudScope);
}

export function mayCallGemini(scopes: readonly string[]): boolean {
  return mayCallVertex(scopes) || scopes.some((scope) => /\/auth\/generative-language/.test(scope));
}
