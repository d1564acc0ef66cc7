import type { Client } from './core/abi.ts';
import type { Env, Spent } from './core/core.ts';
import { Log } from './core/log.ts';
import type { WaitUntil } from './core/visit.ts';
import { type Refuse, refusalOf, speaksAnthropic } from './dialects.ts';
import type { Failure } from './errors.ts';
import { Memory } from './memory/memory.ts';
import type { Holder } from './middleware/keyholder.ts';
import { presentedKey } from './middleware/presentedkey.ts';
import { pathOf } from './paths.ts';
import { refusalsOf } from './refusals.ts';

/** A request on its way in, and what the gates on its way have found out. */
export class Arrival {
  readonly request: Request;
  /** Of its address, as it is spelled there. */
  readonly path: string;
  readonly env: Env;
  readonly waitUntil: WaitUntil;
  /** Its name, in the logs and in its answer. */
  readonly id = `req_${crypto.randomUUID().replaceAll('-', '')}`;
  /** Whether its client speaks Anthropic's dialect. */
  readonly isAnthropic: boolean;
  readonly #came = Date.now();
  client: Client = { name: 'anonymous' };
  /** Whose key it is, where one is needed. */
  holder: Holder | undefined;
  /** Learns what the request costs, where somebody wants to know. */
  spent: Spent | undefined;
  /** Header fields of its answer, whoever gives that. */
  fields: Readonly<Record<string, string>> | undefined;

  constructor(request: Request, env: Env, context: Pick<ExecutionContext, 'waitUntil'>) {
    this.request = request;
    this.path = pathOf(request.url);
    this.env = env;
    this.isAnthropic = speaksAnthropic(request);
    this.waitUntil = (promise) => context.waitUntil(promise);
  }

  /** What is kept for its client: where there is nothing to keep it in, or no key, nothing. */
  get memory(): Memory | undefined {
    const { STORE: store } = this.env;
    const key = this.holder && presentedKey(this.request);
    return store && key ? new Memory(store, key, new Log(this.env.LOG_LEVEL)) : undefined;
  }

  /** The one line of a request that the module doesn't see, as it writes them (cpp/gateway/request_end.h). */
  logAnswered(operation: string, status: number, more: object = {}): void {
    const { id: request, client } = this;
    const ms = Date.now() - this.#came;
    const fields = { request, operation, client: client.name, status, ms, ...more };
    new Log(this.env.LOG_LEVEL).info('request', fields);
  }

  /** How its client is told of a failure. */
  get refuse(): Refuse {
    const refuse = refusalOf(this.request, this.id);
    return (failure) => {
      this.countRefusal(failure);
      return refuse(failure);
    };
  }

  countRefusal(failure: Failure): void {
    this.waitUntil(refusalsOf(this.env).count(failure));
  }
}

/** Lets a request pass, or answers in place of what lies behind. */
export type Gate = (arrival: Arrival) => Promise<Response | undefined>;

/** What Hono's context holds in every handler, as `c.env`. */
export interface App {
  Bindings: Arrival;
}
