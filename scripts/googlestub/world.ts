import type { Accounts } from './accounts.ts';
import type { BenchBodies } from './bench.ts';
import type { Play } from './calls.ts';
import type { Families } from './families.ts';
import type { FieldRefusals } from './fieldrefusals.ts';
import type { Model } from './models.ts';
import type { TokenEndpoint } from './oauth.ts';
import type { Quotas } from './quota.ts';
import type { CallRecord } from './record.ts';
import type { Resources } from './resources.ts';
import type { Scripts } from './scripts.ts';
import type { Signatures } from './signatures.ts';
import type { StoredContent } from './stored.ts';
import type { PromptCache } from './usage.ts';

/** All state of one stub. Its parts don't know each other; the request handlers know them. */
export interface World {
  readonly accounts: Accounts;
  readonly tokens: TokenEndpoint;
  readonly quotas: Quotas;
  readonly record: CallRecord;
  readonly scripts: Scripts;
  readonly signatures: Signatures;
  readonly families: Families;
  readonly refusals: FieldRefusals;
  readonly stored: StoredContent;
  readonly resources: Resources;
  readonly cache: PromptCache;
  models: readonly Model[];
  /** Milliseconds between the events of an answer; 0 outside demonstrations. */
  pace: number;
  bench: BenchBodies | null;
  play: Play | null;
  served: number;
  /** Decides token lifetimes and quota windows; `advance` moves it. */
  now(): number;
  /** The callers' clock, which `advance` doesn't move: a JWT's times are compared with it. */
  callerNow(): number;
}
