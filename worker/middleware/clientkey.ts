import type { Gate } from '../arrival.ts';
import type { Env } from '../core/core.ts';
import { Log } from '../core/log.ts';
import { isOn } from '../core/settings.ts';
import type { Failure } from '../errors.ts';
import { keyOfUpload } from '../google/uploadpass.ts';
import { clientOf, type Holder } from './keyholder.ts';
import { findClient, type KeyRing, makeKeyRing } from './keyring.ts';
import { type Found, KvKeys, kvKeysProblem } from './kvkeys.ts';
import { presentedKey } from './presentedkey.ts';

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

/** Who may enter, as one isolate knows it. */
interface Door {
  readonly ring: KeyRing;
  /** Where keys are looked for that the ring hasn't, if anywhere. */
  readonly kvKeys: KvKeys | undefined;
}

const openKvKeys = (env: Env, log: Log): KvKeys | undefined => {
  if (!isOn(env, 'CLIENT_KEYS_IN_KV', log)) return undefined;
  const problem = kvKeysProblem(env);
  if (problem) log.warn('setting_ignored', problem);
  const { GEMINI_CLI_KV: kv } = env;
  return kv && new KvKeys(kv, log);
};

const openDoor = (env: Env): Door => {
  const ring = makeKeyRing(env);
  const log = new Log(env.LOG_LEVEL);
  if (ring.fault) log.error('client_keys_unreadable', { fault: ring.fault });
  isOn(env, 'ALLOW_ANONYMOUS', log);
  return { ring, kvKeys: openKvKeys(env, log) };
};

const busy: Failure = {
  status: 503,
  type: 'server_error',
  code: 'client_keys_unavailable',
  message: "The gateway can't look up this API key just now. Try again in a moment.",
  headers: { 'retry-after': '2' },
};

const expired = (expires: number): Failure =>
  unauthorized(`This API key expired on ${new Date(expires).toISOString()}.`, 'api_key_expired');

const unknown = (key: string | undefined): Failure =>
  key === undefined
    ? unauthorized(
        "You didn't provide an API key. Send it as `Authorization: Bearer …`, or in `x-api-key` or " +
          '`x-goog-api-key`.',
        null,
      )
    : unauthorized('Incorrect API key provided.', 'invalid_api_key');

const isHolder = (found: Found): found is Holder => typeof found === 'object';

const find = async ({ ring, kvKeys }: Door, key: string | undefined): Promise<Found> => {
  if (key === undefined) return 'unknown';
  return (await findClient(ring, key)) ?? (await kvKeys?.find(key)) ?? 'unknown';
};

/** Why one who was not found is not let in, or whose key is over. */
const refusedBy = (ring: KeyRing, found: Found, key: string | undefined): Failure | undefined => {
  if (isHolder(found)) {
    const { expires } = found;
    return expires !== undefined && Date.now() >= expires ? expired(expires) : undefined;
  }
  if (ring.anonymous) return undefined;
  return found === 'unavailable' ? busy : unknown(key);
};

let doorOfIsolate: Door | undefined;

/** Lets only those in who hold a client key; closed when there is none. */
export const requireClientKey: Gate = async (arrival) => {
  doorOfIsolate ??= openDoor(arrival.env);
  const { ring, kvKeys } = doorOfIsolate;
  if (ring.fault || (ring.keys.length === 0 && !ring.anonymous && !kvKeys)) {
    return arrival.refuse(closed(ring.fault));
  }
  const { request, env } = arrival;
  const key = presentedKey(request) ?? (await keyOfUpload(request, env));
  const found = await find(doorOfIsolate, key);
  const refused = refusedBy(ring, found, key);
  if (refused) return arrival.refuse(refused);
  if (isHolder(found)) {
    arrival.holder = found;
    arrival.client = clientOf(found);
  }
  return undefined;
};
