import type { Account, AccountKind, AccountOptions } from './accounts.ts';
import type { BenchMode } from './bench.ts';
import { type Exchange, sendJson } from './exchange.ts';
import type { FamilyChange } from './families.ts';
import type { Fault } from './faults.ts';
import type { FieldRefusal } from './fieldrefusals.ts';
import { isObject, type Json, type JsonObject, numberIn, textIn } from './json.ts';
import type { QuotaOptions } from './quota.ts';
import { type CallFilter, callJson, matches } from './record.ts';
import type { Answer } from './scripts.ts';
import { controlPrefix } from './server.ts';
import type { Simulator } from './simulator.ts';
import { type BucketStyle, bucketStyles } from './stored.ts';

type Control = (simulator: Simulator, body: JsonObject, query: URLSearchParams) => Json;

const controls: Readonly<Record<string, Control>> = {
  'GET accounts': (simulator) => simulator.accounts.map(accountJson),
  'POST accounts': (simulator, body) => addAccounts(simulator, body).map(accountJson),
  'POST account': changeAccount,
  'GET vars': (simulator) => simulator.vars(),
  'POST faults': (simulator, body) => {
    const filter = isObject(body.filter) ? (body.filter as CallFilter) : {};
    simulator.fault(filter, body.fault as unknown as Fault, numberIn(body, 'times'));
    return { pending: simulator.pendingFaults };
  },
  'GET calls': (simulator, _body, query) => {
    const filter = Object.fromEntries(query) as CallFilter;
    return simulator.calls.filter((call) => matches(filter, call)).map(callJson);
  },
  /** `{field, message, model?, backend?, value?, detailed?}`; without a message it is taken back. */
  'POST refusals': (simulator, body) => {
    const { field, model } = body;
    if (typeof field !== 'string') throw new Error('"field" must be a path');
    if (typeof body.message === 'string') simulator.refuse(body as unknown as FieldRefusal);
    else simulator.allow(field, typeof model === 'string' ? model : undefined);
    return body;
  },
  /** `{model, …}`: columns of the table of families. */
  'POST model': (simulator, { model, ...change }) => {
    if (typeof model !== 'string') throw new Error('"model" must be a name');
    simulator.changeModel(model, change as FamilyChange);
    return change;
  },
  /** `{project, name}`, `{bucketStyle}`. */
  'POST stored': (simulator, body) => {
    const { project, name, bucketStyle } = body;
    if (typeof project === 'string' && typeof name === 'string') simulator.give(project, name);
    if (bucketStyle === undefined) return body;
    const known = Object.keys(bucketStyles);
    if (!known.includes(String(bucketStyle))) throw new Error(`Styles: ${known.join(', ')}`);
    simulator.setBucketStyle(bucketStyle as BucketStyle);
    return body;
  },
  /** `{filter, answer}`: `answer` as `{bytes, …}` or `{responses}`. */
  'POST answers': (simulator, body) => {
    const filter = isObject(body.filter) ? (body.filter as CallFilter) : {};
    simulator.answerNext(filter, body.answer as unknown as Answer);
    return {};
  },
  'POST quota': (simulator, body) => {
    simulator.setQuotas(body as QuotaOptions);
    return body;
  },
  'POST bench': (simulator, body) => {
    simulator.setBench('events' in body ? (body as unknown as BenchMode) : null);
    return body;
  },
  'POST clock': (simulator, body) => {
    simulator.advance(numberIn(body, 'advance') ?? 0);
    return { now: simulator.now() };
  },
  'POST reset': (simulator) => {
    simulator.reset();
    return {};
  },
};

/** The simulator's own way in, for when it runs in another process than the test. */
export function answerControl(simulator: Simulator, exchange: Exchange): void {
  const { request, url, bytes } = exchange;
  const name = `${request.method} ${url.pathname.slice(controlPrefix.length)}`;
  const control = controls[name];
  if (!control) {
    sendJson(exchange, 404, { known: Object.keys(controls) });
    return;
  }
  try {
    const body: unknown = bytes.length > 0 ? JSON.parse(bytes.toString()) : {};
    const answer = control(simulator, isObject(body) ? body : {}, url.searchParams);
    sendJson(exchange, 200, answer);
  } catch (error) {
    sendJson(exchange, 400, { error: String(error) });
  }
}

function accountJson({ name, kind, project, email, secret }: Account): Json {
  return { name, kind, project, email, secret };
}

function addAccounts(simulator: Simulator, body: JsonObject): Account[] {
  const kind = (textIn(body, 'kind') ?? 'service_account') as AccountKind;
  const options = isObject(body.options) ? (body.options as AccountOptions) : {};
  return Array.from({ length: numberIn(body, 'count') ?? 1 }, () => simulator.add(kind, options));
}

const changes = ['revoke', 'suspend', 'removeRole', 'restore', 'revokeTokens'] as const;

function changeAccount(simulator: Simulator, body: JsonObject): Json {
  const account = simulator.account(textIn(body, 'name') ?? '');
  const change = changes.find((name) => name === body.change);
  if (!change) throw new Error(`"change" must be one of ${changes.join(', ')}`);
  simulator[change](account);
  return accountJson(account);
}
