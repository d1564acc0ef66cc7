import type { Account } from '../../scripts/googlestub/accounts.ts';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { textIn } from '../../scripts/googlestub/json.ts';
import type { Call } from '../../scripts/googlestub/record.ts';

/** All that must not be seen: what the credentials hold and the tokens that they were given. */
export function secretsOf({ accounts, calls }: GoogleStub): string[] {
  const all = [...accounts.flatMap(ofAccount), ...calls.flatMap(ofCall)];
  return [...new Set(all.filter((secret) => secret !== ''))];
}

function ofAccount({ json, refreshToken, clientSecret, apiKey }: Account): string[] {
  const accessToken = textIn(json ?? {}, 'access_token') ?? '';
  const key = textIn(json ?? {}, 'private_key') ?? '';
  // The lines of the key, since a log would hold it on one.
  const lines = key.split('\n').filter((line) => line.length === 64);
  return [refreshToken, clientSecret, apiKey, accessToken, ...lines];
}

function ofCall({ headers }: Call): string[] {
  return [/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''];
}
