import type { IncomingHttpHeaders } from 'node:http';
import type { AccountKind } from './accounts.ts';
import type { Json } from './json.ts';

export type CallKind =
  | 'token'
  | 'generate'
  | 'count'
  | 'embed'
  | 'list'
  | 'get'
  | 'resource'
  | 'chat'
  /** The rest of Google's endpoint for clients of OpenAI. */
  | 'compatible'
  | 'unknown';
export type Backend = 'oauth' | 'vertex' | 'gemini';
/** `cut`: by the stub, as a scripted fault. `aborted`: the caller went away. */
export type CallEnd = 'finished' | 'aborted' | 'cut';

export interface CallFacts {
  readonly time: number;
  readonly kind: CallKind;
  readonly backend: Backend | null;
  /** The name of the account that the call was made with; null when it is nobody's. */
  readonly credential: string | null;
  readonly credentialKind: AccountKind | null;
  readonly project: string | null;
  readonly location: string | null;
  readonly model: string | null;
  /** `generateContent` …; of a token call its grant type. */
  readonly method: string | null;
  readonly verb: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as JSON; a form as an object; null when there is none or it is neither. */
  readonly body: Json;
  /** The same as it came. */
  readonly bytes: Buffer;
}

export interface Call extends CallFacts {
  /** Null until answered, and for good when the connection was reset before. */
  status: number | null;
  /** The scripted fault that it met. */
  fault: string | null;
  /** The body that a model answered, however much of it was sent. */
  answer: string | null;
  /** How it ended, once it has. */
  end: CallEnd | null;
  readonly ended: Promise<CallEnd>;
  /** Fulfilled when the caller closes the connection before the answer is complete. */
  readonly closed: Promise<void>;
}

export interface CallFilter {
  kind?: CallKind;
  backend?: Backend;
  credential?: string;
  project?: string;
  model?: string;
  method?: string;
  where?: (call: CallFacts) => boolean;
}

/** A filter that says no kind is for token calls when it names their back-end, else for generating. */
export function withKind(filter: CallFilter): CallFilter {
  return { kind: filter.backend === 'oauth' ? 'token' : 'generate', ...filter };
}

const filterKeys = ['kind', 'backend', 'credential', 'project', 'model', 'method'] as const;

export function matches(filter: CallFilter, call: CallFacts): boolean {
  for (const key of filterKeys) {
    if (filter[key] !== undefined && filter[key] !== call[key]) return false;
  }
  return filter.where ? filter.where(call) : true;
}

interface Waiter {
  readonly filter: CallFilter;
  readonly resolve: (call: Call) => void;
}

/** A call and the two ends of its life, which the server alone reports. */
export interface OpenCall {
  readonly call: Call;
  readonly finish: (end: CallEnd) => void;
}

export class CallRecord {
  readonly calls: Call[] = [];
  #waiters: Waiter[] = [];

  open(facts: CallFacts): OpenCall {
    const ended = Promise.withResolvers<CallEnd>();
    const closed = Promise.withResolvers<void>();
    const call: Call = {
      ...facts,
      status: null,
      fault: null,
      answer: null,
      end: null,
      ended: ended.promise,
      closed: closed.promise,
    };
    this.calls.push(call);
    this.#tell(call);
    const finish = (end: CallEnd): void => {
      call.end ??= end;
      ended.resolve(end);
      if (end === 'aborted') closed.resolve();
    };
    return { call, finish };
  }

  count(filter: CallFilter = {}): number {
    return this.calls.filter((call) => matches(filter, call)).length;
  }

  /** The next call that comes in from now on, as soon as it has been read, not when answered. */
  next(filter: CallFilter = {}): Promise<Call> {
    return new Promise((resolve) => this.#waiters.push({ filter, resolve }));
  }

  clear(): void {
    this.calls.length = 0;
  }

  #tell(call: Call): void {
    const [told, others] = [true, false].map((wanted) =>
      this.#waiters.filter((waiter) => matches(waiter.filter, call) === wanted),
    );
    this.#waiters = others ?? [];
    for (const waiter of told ?? []) waiter.resolve(call);
  }
}

/** What the control endpoint shows: everything but the promises, and the body once. */
export function callJson(call: Call): Json {
  const { ended: _ended, closed: _closed, bytes: _bytes, headers, ...rest } = call;
  return { ...rest, headers: headers as Record<string, Json> };
}
