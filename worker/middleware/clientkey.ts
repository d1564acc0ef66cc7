import { createMiddleware } from 'hono/factory';
import type { App } from '../app.ts';
import type { Client, Env } from '../core/core.ts';
import { errorResponse, type Failure } from '../errors.ts';

interface ClientKey extends Client {
  /** The key's bytes, or its SHA-256, padded to `slot` bytes behind its length. */
  readonly secret: Uint8Array;
  readonly form: 'plain' | 'sha256';
}

interface KeyRing {
  readonly keys: readonly ClientKey[];
  readonly anonymous: boolean;
  readonly fault?: string;
}

// Every comparison covers a whole slot, so its time tells neither the length nor the place of the
// first difference. Longer keys than this are refused when the ring is made.
const slot = 512;
const encoder = new TextEncoder();

const padded = (bytes: Uint8Array): Uint8Array | undefined => {
  if (bytes.length > slot - 2) return undefined;
  const out = new Uint8Array(slot);
  new DataView(out.buffer).setUint16(0, bytes.length);
  out.set(bytes, 2);
  return out;
};

const fromHex = (hex: string): Uint8Array | undefined =>
  /^[0-9a-fA-F]{64}$/.test(hex)
    ? Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16))
    : undefined;

const entryOf = (entry: unknown, index: number): ClientKey | string => {
  const { name, key, sha256, models } =
    typeof entry === 'string' ? { key: entry } : ((entry ?? {}) as Record<string, unknown>);
  const place = `entry ${index + 1}`;
  const bytes =
    typeof sha256 === 'string'
      ? fromHex(sha256)
      : encoder.encode(typeof key === 'string' ? key : '');
  if (!bytes) return `${place}: "sha256" is not 64 hexadecimal digits`;
  if (bytes.length === 0) return `${place} has neither "key" nor "sha256"`;
  const secret = padded(bytes);
  if (!secret) return `${place}: the key is longer than ${slot - 2} bytes`;
  if (
    models !== undefined &&
    !(Array.isArray(models) && models.every((m) => typeof m === 'string'))
  ) {
    return `${place}: "models" is not a list of texts`;
  }
  return {
    name: typeof name === 'string' ? name : `key-${index + 1}`,
    form: typeof sha256 === 'string' ? 'sha256' : 'plain',
    secret,
    ...(models !== undefined && { models: models as string[] }),
  };
};

const parseList = (text: string): unknown[] | undefined => {
  if (!text.trimStart().startsWith('[')) {
    return text
      .split(',')
      .map((key) => key.trim())
      .filter((key) => key !== '');
  }
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
};

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);

/** Reads CLIENT_API_KEYS, OPENAI_API_KEY and ALLOW_ANONYMOUS. A fault never quotes a key. */
export const makeKeyRing = (env: Env): KeyRing => {
  const anonymous = String(env.ALLOW_ANONYMOUS) === 'true';
  const list = parseList(textOf(env.CLIENT_API_KEYS));
  if (!list) return { keys: [], anonymous, fault: 'CLIENT_API_KEYS is not a JSON array' };
  const entries = list.map(entryOf);
  const fault = entries.find((entry) => typeof entry === 'string');
  if (fault !== undefined) return { keys: [], anonymous, fault: `CLIENT_API_KEYS, ${fault}` };
  const keys = entries as ClientKey[];
  const single = textOf(env.OPENAI_API_KEY);
  const added = single === '' ? undefined : entryOf({ name: 'OPENAI_API_KEY', key: single }, 0);
  if (typeof added === 'string') return { keys, anonymous, fault: `OPENAI_API_KEY: ${added}` };
  return { keys: added ? [...keys, added] : keys, anonymous };
};

/** As OpenAI's SDKs send it, or Anthropic's. */
export const presentedKey = (request: Request): string | undefined => {
  const bearer = /^Bearer +(.+)$/i.exec(request.headers.get('authorization') ?? '');
  return bearer?.[1]?.trim() ?? request.headers.get('x-api-key') ?? undefined;
};

/** Which client a key belongs to. Looks at every key of the ring, whether found or not. */
export const findClient = async (ring: KeyRing, key: string): Promise<Client | undefined> => {
  const bytes = encoder.encode(key);
  const plain = padded(bytes);
  const needsDigest = ring.keys.some(({ form }) => form === 'sha256');
  const digest = needsDigest
    ? padded(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
    : undefined;
  let found: ClientKey | undefined;
  for (const candidate of ring.keys) {
    const presented = candidate.form === 'sha256' ? digest : plain;
    if (presented && crypto.subtle.timingSafeEqual(presented, candidate.secret)) found = candidate;
  }
  return found && { name: found.name, ...(found.models && { models: found.models }) };
};

export const unauthorized = (message: string, code: string | null): Failure => ({
  status: 401,
  type: 'invalid_request_error',
  code,
  message,
  headers: { 'www-authenticate': 'Bearer realm="rondo"' },
});

const closed = (fault: string | undefined): Failure => ({
  status: 503,
  type: 'server_error',
  code: 'client_keys_missing',
  message: fault
    ? `The gateway's client keys can't be read: ${fault}.`
    : 'The gateway has no client keys yet. Set one with `npx wrangler secret put CLIENT_API_KEYS`, ' +
      'or open it to everybody with ALLOW_ANONYMOUS=true.',
});

let ringOfIsolate: KeyRing | undefined;

/** Lets only those in who hold a client key; closed when there is none. */
export const requireClientKey = createMiddleware<App>(async (c, next) => {
  ringOfIsolate ??= makeKeyRing(c.env);
  const ring = ringOfIsolate;
  if (ring.fault || (ring.keys.length === 0 && !ring.anonymous)) {
    return errorResponse(closed(ring.fault));
  }
  const key = presentedKey(c.req.raw);
  const client = key === undefined ? undefined : await findClient(ring, key);
  if (!client && !ring.anonymous) {
    return errorResponse(
      key === undefined
        ? unauthorized("You didn't provide an API key. Send it as `Authorization: Bearer …`.", null)
        : unauthorized('Incorrect API key provided.', 'invalid_api_key'),
    );
  }
  c.set('client', client ?? { name: 'anonymous' });
  await next();
  return undefined;
});
