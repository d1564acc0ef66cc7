import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Account, type AccountKind, type AccountOptions, Accounts } from './accounts.ts';
import { type BenchMode, benchBodies } from './bench.ts';
import type { Play } from './calls.ts';
import { answerControl } from './control.ts';
import { Families, type FamilyChange } from './families.ts';
import type { Fault, FaultKind } from './faults.ts';
import { type FieldRefusal, FieldRefusals } from './fieldrefusals.ts';
import { defaultModels, type Model } from './models.ts';
import { type OAuthOptions, TokenEndpoint } from './oauth.ts';
import { type QuotaOptions, Quotas } from './quota.ts';
import { type Call, type CallFilter, CallRecord, withKind } from './record.ts';
import { dropCaches, Resources } from './resources.ts';
import { type Answerer, emptyScripts, type Gate, Hold } from './scripts.ts';
import { makeServer } from './server.ts';
import { Signatures } from './signatures.ts';
import { type BucketStyle, StoredContent } from './stored.ts';
import { PromptCache } from './usage.ts';
import { credentialVars } from './vars.ts';
import type { World } from './world.ts';

export interface GoogleStubOptions extends OAuthOptions {
  /** 0, the default: any that is free. */
  port?: number;
  /** Milliseconds since 1970. */
  now?: () => number;
  quotas?: QuotaOptions;
  models?: readonly Model[];
  /** Milliseconds between the events of an answer, for demonstrations. */
  pace?: number;
}

/** An account, or its name. */
export type AccountRef = Account | string;

/** A stand-in for Google's token endpoint, Vertex AI and the Gemini API, on one address. */
export class GoogleStub {
  readonly url: string;
  readonly #server: Server;
  readonly #world: World;
  readonly #clock: Clock;

  constructor(server: Server, world: World, clock: Clock) {
    this.#server = server;
    this.#world = world;
    this.#clock = clock;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  get tokenUrl(): string {
    return `${this.url}/token`;
  }

  get oauthClient(): { readonly id: string; readonly secret: string } {
    return this.#world.accounts.sharedClient;
  }

  get accounts(): readonly Account[] {
    return this.#world.accounts.all();
  }

  addServiceAccount(options?: AccountOptions): Account {
    return this.#world.accounts.addServiceAccount(options);
  }

  addServiceAccounts(count: number, options?: AccountOptions): Account[] {
    return Array.from({ length: count }, () => this.addServiceAccount(options));
  }

  addAuthorizedUser(options?: AccountOptions): Account {
    return this.#world.accounts.addAuthorizedUser(options);
  }

  addOAuthTokens(options?: AccountOptions): Account {
    return this.#world.accounts.addOAuthTokens(this.now(), 3599, options);
  }

  addApiKey(options?: AccountOptions): Account {
    return this.#world.accounts.addApiKey(options);
  }

  add(kind: AccountKind, options?: AccountOptions): Account {
    if (kind === 'service_account') return this.addServiceAccount(options);
    if (kind === 'authorized_user') return this.addAuthorizedUser(options);
    return kind === 'api_key' ? this.addApiKey(options) : this.addOAuthTokens(options);
  }

  /** Variables for a worker: addresses, and these accounts (or all) as numbered credentials. */
  vars(accounts: readonly Account[] = this.accounts): Record<string, string> {
    return credentialVars(this, accounts);
  }

  account(ref: AccountRef): Account {
    return typeof ref === 'string' ? this.#world.accounts.named(ref) : ref;
  }

  /** The grant is dead: `invalid_grant`; a key is refused as expired. */
  revoke(ref: AccountRef): void {
    this.account(ref).revoked = true;
  }

  /** Tokens are minted as before, but the API answers 403 CONSUMER_SUSPENDED. */
  suspend(ref: AccountRef): void {
    this.account(ref).suspended = true;
  }

  /** 403 IAM_PERMISSION_DENIED. */
  removeRole(ref: AccountRef): void {
    this.account(ref).roleMissing = true;
  }

  restore(ref: AccountRef): void {
    Object.assign(this.account(ref), { revoked: false, suspended: false, roleMissing: false });
  }

  /** The tokens minted so far are answered with 401, though they haven't expired. */
  revokeTokens(ref: AccountRef): void {
    this.#world.accounts.revokeTokens(this.account(ref));
  }

  /** 403 SERVICE_DISABLED for all of a project. */
  disableApi(project: string): void {
    this.#world.accounts.disabledProjects.add(project);
  }

  enableApi(project: string): void {
    this.#world.accounts.disabledProjects.delete(project);
  }

  /**
   * Lays a fault in store for the next calls that fit; without a kind, for generating calls, or for
   * token calls when the back-end is `oauth`. So do `holdNext` and `answerNext`.
   */
  fault(filter: CallFilter, fault: FaultKind | Fault, times = 1): void {
    const whole = typeof fault === 'string' ? { kind: fault } : fault;
    for (let time = 0; time < times; time += 1) {
      this.#world.scripts.faults.add(withKind(filter), whole);
    }
  }

  faultToken(filter: CallFilter, fault: FaultKind | Fault, times = 1): void {
    this.fault({ ...filter, kind: 'token' }, fault, times);
  }

  /** Faults that no call has met yet. */
  get pendingFaults(): number {
    return this.#world.scripts.faults.size;
  }

  /**
   * Holds the next call that fits: before its status line, or `after` so many events. A held token
   * call is the slow token endpoint; whether its caller stays, `closed` of the call tells.
   */
  holdNext(filter: CallFilter = {}, after?: number): Gate {
    const hold = new Hold(after);
    this.#world.scripts.holds.add(withKind(filter), hold);
    return hold;
  }

  answerNext(filter: CallFilter, answer: Answerer): void {
    this.#world.scripts.answers.add(withKind(filter), answer);
  }

  /** From now on the model refuses a field in these words, as when Google takes a setting away. */
  refuse(rule: FieldRefusal): void {
    this.#world.refusals.add(rule);
  }

  /** Takes back what `refuse` said of a field: of one model, or of all. */
  allow(field: string, model?: string): void {
    this.#world.refusals.remove(field, model);
  }

  /** One model differs from its family: in Vertex's older ways, say, that know no ids of calls. */
  changeModel(model: string, change: FamilyChange): void {
    this.#world.families.change(model, change);
  }

  /**
   * Gives a project stored content to use: a bucket's prefix such as `gs://bucket/`, a cache, file,
   * endpoint or tuned model by its name. What it was not given is refused.
   */
  give(project: string, name: string): void {
    this.#world.stored.give(project, name);
  }

  /** All caches are gone before their time. */
  loseCaches(): void {
    dropCaches(this.#world);
  }

  /** In which of Google's ways an object in a foreign bucket is refused. */
  setBucketStyle(style: BucketStyle): void {
    this.#world.stored.bucketStyle = style;
  }

  setQuotas(options: QuotaOptions): void {
    this.#world.quotas.options = options;
  }

  setModels(models: readonly Model[]): void {
    this.#world.models = models;
  }

  /** Prebuilt answers for every generating call that is well authenticated; null ends it. */
  setBench(mode: BenchMode | null): void {
    this.#world.bench = mode ? benchBodies(mode) : null;
  }

  /** From now on the function plays the model, and every rule of Google's holds; null ends it. */
  setPlay(play: Play | null): void {
    this.#world.play = play;
  }

  get calls(): readonly Call[] {
    return this.#world.record.calls;
  }

  count(filter?: CallFilter): number {
    return this.#world.record.count(filter);
  }

  /** The next call to come in that fits, as soon as it has been read. */
  nextCall(filter?: CallFilter): Promise<Call> {
    return this.#world.record.next(filter);
  }

  now(): number {
    return this.#world.now();
  }

  /** Moves token lifetimes and quotas on; the times in a caller's JWT are judged as before. */
  advance(ms: number): void {
    this.#clock.offset += ms;
  }

  /**
   * Forgets calls, scripts, plays, quotas, what was done to accounts and models, and who owns what; keeps
   * accounts and tokens.
   */
  reset(): void {
    const { scripts, quotas, record, cache, accounts, families, refusals, stored, resources } =
      this.#world;
    for (const script of [scripts.faults, scripts.holds, scripts.answers]) script.clear();
    quotas.reset();
    record.clear();
    cache.clear();
    for (const changed of [families, refusals, stored, resources]) changed.reset();
    accounts.disabledProjects.clear();
    for (const account of accounts.all()) this.restore(account);
    this.setBench(null);
    this.setPlay(null);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

interface Clock {
  offset: number;
}

function makeWorld(options: GoogleStubOptions, clock: Clock): World {
  const accounts = new Accounts();
  const callerNow = options.now ?? Date.now;
  return {
    accounts,
    tokens: new TokenEndpoint(accounts, options),
    quotas: new Quotas(options.quotas ?? {}),
    record: new CallRecord(),
    scripts: emptyScripts(),
    signatures: new Signatures(),
    families: new Families(),
    refusals: new FieldRefusals(),
    stored: new StoredContent(),
    resources: new Resources(),
    cache: new PromptCache(),
    models: options.models ?? defaultModels,
    pace: options.pace ?? 0,
    bench: null,
    play: null,
    served: 0,
    now: () => callerNow() + clock.offset,
    callerNow,
  };
}

export async function startGoogleStub(options: GoogleStubOptions = {}): Promise<GoogleStub> {
  const clock = { offset: 0 };
  const world = makeWorld(options, clock);
  // No request comes before the port is known, and with it the stub.
  let stub: GoogleStub;
  const server = makeServer(world, (exchange) => answerControl(stub, exchange));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  stub = new GoogleStub(server, world, clock);
  return stub;
}
