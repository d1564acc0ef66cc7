import type { Account, AccountKind, AccountOptions } from './accounts.ts';
import type { BenchMode } from './bench.ts';
import { type Exchange, sendJson } from './exchange.ts';
import type { FamilyChange } from './families.ts';
import type { Fault } from './faults.ts';
import type { FieldRefusal } from './fieldrefusals.ts';
import type { GoogleStub } from './googlestub.ts';
import { isObject, type Json, type JsonObject, numberIn, textIn } from './json.ts';
import type { QuotaOptions } from './quota.ts';
import { type CallFilter, callJson, matches } from './record.ts';
import type { Answer } from './scripts.ts';
import { controlPrefix } from './server.ts';
import { type BucketStyle, bucketStyles } from './stored.ts';

type Control = (stub: GoogleStub, body: JsonObject, query: URLSearchParams) => Json;

const controls: Readonly<Record<string, Control>> = {
  'GET accounts': (stub) => stub.accounts.map(accountJson),
  'POST accounts': (stub, body) => addAccounts(stub, body).map(accountJson),
  'POST account': changeAccount,
  'GET vars': (stub) => stub.vars(),
  'POST faults': (stub, body) => {
    const filter = isObject(body.filter) ? (body.filter as CallFilter) : {};
    stub.fault(filter, body.fault as unknown as Fault, numberIn(body, 'times'));
    return { pending: stub.pendingFaults };
  },
  'GET calls': (stub, _body, query) => {
    const filter = Object.fromEntries(query) as CallFilter;
    return stub.calls.filter((call) => matches(filter, call)).map(callJson);
  },
  /** `{field, message, model?, backend?, value?, detailed?}`; without a message it is taken back. */
  'POST refusals': (stub, body) => {
    const { field, model } = body;
    if (typeof field !== 'string') throw new Error('"field" must be a path');
    if (typeof body.message === 'string') stub.refuse(body as unknown as FieldRefusal);
    else stub.allow(field, typeof model === 'string' ? model : undefined);
    return body;
  },
  /** `{model, …}`: columns of the table of families. */
  'POST model': (stub, { model, ...change }) => {
    if (typeof model !== 'string') throw new Error('"model" must be a name');
    stub.changeModel(model, change as FamilyChange);
    return change;
  },
  /** `{project, name}`, `{bucketStyle}`. */
  'POST stored': (stub, body) => {
    const { project, name, bucketStyle } = body;
    if (typeof project === 'string' && typeof name === 'string') stub.give(project, name);
    if (bucketStyle === undefined) return body;
    const known = Object.keys(bucketStyles);
    if (!known.includes(String(bucketStyle))) throw new Error(`Styles: ${known.join(', ')}`);
    stub.setBucketStyle(bucketStyle as BucketStyle);
    return body;
  },
  /** `{filter, answer}`: `answer` as `{bytes, …}` or `{responses}`. */
  'POST answers': (stub, body) => {
    const filter = isObject(body.filter) ? (body.filter as CallFilter) : {};
    stub.answerNext(filter, body.answer as unknown as Answer);
    return {};
  },
  'POST quota': (stub, body) => {
    stub.setQuotas(body as QuotaOptions);
    return body;
  },
  'POST bench': (stub, body) => {
    stub.setBench('events' in body ? (body as unknown as BenchMode) : null);
    return body;
  },
  'POST clock': (stub, body) => {
    stub.advance(numberIn(body, 'advance') ?? 0);
    return { now: stub.now() };
  },
  'POST reset': (stub) => {
    stub.reset();
    return {};
  },
};

/** The stub's own way in, for when it runs in another process than the test. */
export function answerControl(stub: GoogleStub, exchange: Exchange): void {
  const { request, url, bytes } = exchange;
  const name = `${request.method} ${url.pathname.slice(controlPrefix.length)}`;
  const control = controls[name];
  if (!control) {
    sendJson(exchange, 404, { known: Object.keys(controls) });
    return;
  }
  try {
    const body: unknown = bytes.length > 0 ? JSON.parse(bytes.toString()) : {};
    const answer = control(stub, isObject(body) ? body : {}, url.searchParams);
    sendJson(exchange, 200, answer);
  } catch (error) {
    sendJson(exchange, 400, { error: String(error) });
  }
}

function accountJson({ name, kind, project, email, secret }: Account): Json {
  return { name, kind, project, email, secret };
}

function addAccounts(stub: GoogleStub, body: JsonObject): Account[] {
  const kind = (textIn(body, 'kind') ?? 'service_account') as AccountKind;
  const options = isObject(body.options) ? (body.options as AccountOptions) : {};
  return Array.from({ length: numberIn(body, 'count') ?? 1 }, () => stub.add(kind, options));
}

const changes = ['revoke', 'suspend', 'removeRole', 'restore', 'revokeTokens'] as const;

function changeAccount(stub: GoogleStub, body: JsonObject): Json {
  const account = stub.account(textIn(body, 'name') ?? '');
  const change = changes.find((name) => name === body.change);
  if (!change) throw new Error(`"change" must be one of ${changes.join(', ')}`);
  stub[change](account);
  return accountJson(account);
}
