import type { Account } from './accounts.ts';
import { invalidArgument, type Refusal } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { isObject, type JsonObject } from './json.ts';
import type { Route } from './routes.ts';
import type { World } from './world.ts';

export interface Checked {
  readonly request: JsonObject;
}

export type Verdict = Checked | { readonly refusal: Refusal };

export function checkGenerate(
  _world: World,
  exchange: Exchange,
  _route: Route,
  _account: Account,
): Verdict {
  const request: unknown = JSON.parse(exchange.bytes.toString());
  return isObject(request) ? { request } : { refusal: invalidArgument('') };
}
