// What the handlers of stored things have in common.
import type { Arrival } from '../arrival.ts';
import { bounds } from '../core/bounds.ts';
import type { Core } from '../core/core.ts';
import { messageOf } from '../core/failure.ts';
import { Log } from '../core/log.ts';
import { errorResponse, type Failure, invalid, storeUnavailable, tooLarge } from '../errors.ts';
import { type Memory, TooLarge } from './memory.ts';
import { Refusal, refuse } from './refusal.ts';

/** A request for something that is stored. */
export interface Asked {
  readonly memory: Memory;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  /** The body as JSON; an empty one is an empty object. Throws a refusal. */
  body(): Promise<Readonly<Record<string, unknown>>>;
}

/** Gives what is told as JSON. */
export type Answer = (asked: Asked) => Promise<object | string>;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

const jsonOf = (bytes: Uint8Array): unknown => {
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
};

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether the module would not read it: an item that is that deep could never go on to a model. */
const isTooDeep = (value: unknown): boolean => {
  let level = [value].filter(isNested);
  for (let depth = 0; depth < bounds.jsonLevels && level.length > 0; depth += 1) {
    level = level.flatMap((each) => Object.values(each).filter(isNested));
  }
  return level.length > 0;
};

const readBody = async (
  core: Core,
  request: Request,
): Promise<Readonly<Record<string, unknown>>> => {
  const bytes = await core.read(request);
  if (!(bytes instanceof Uint8Array)) return refuse(bytes);
  const value = jsonOf(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(invalid('body', 'expected a JSON object', 'invalid_json'));
  }
  if (isTooDeep(value)) {
    return refuse(invalid('body', `more than ${bounds.jsonLevels} levels`, 'invalid_json'));
  }
  return value as Record<string, unknown>;
};

const failureOf = (error: unknown, { env }: Arrival): Failure => {
  if (error instanceof Refusal) return error.failure;
  if (error instanceof TooLarge) return tooLarge(bounds.storeEntryBytes);
  new Log(env.LOG_LEVEL).warn('store_failed', { message: messageOf(error) });
  return storeUnavailable;
};

const jsonAnswer = (answer: object | string): Response =>
  typeof answer === 'string'
    ? new Response(answer, { headers: { 'content-type': 'application/json' } })
    : Response.json(answer);

/** Answers out of the client's memory; with `otherwise` where it has none. */
export const serveStored = async (
  arrival: Arrival,
  core: Core,
  params: Asked['params'],
  answer: Answer,
  otherwise: Failure,
): Promise<Response> => {
  const { memory, request } = arrival;
  if (!memory) return errorResponse(otherwise);
  const query = new URL(request.url).searchParams;
  try {
    return jsonAnswer(await answer({ memory, query, params, body: () => readBody(core, request) }));
  } catch (error) {
    return errorResponse(failureOf(error, arrival));
  }
};
