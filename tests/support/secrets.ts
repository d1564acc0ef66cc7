import type { Account } from '../../scripts/simulator/accounts.ts';
import { textIn } from '../../scripts/simulator/json.ts';
import type { Call } from '../../scripts/simulator/record.ts';
import type { Simulator } from '../../scripts/simulator/simulator.ts';

/** All that must not be seen: what the credentials hold and the tokens that they were given. */
export function secretsOf({ accounts, calls }: Simulator): string[] {
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
