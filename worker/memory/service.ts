// What the handlers of stored things have in common.
import type { Arrival } from '../arrival.ts';
import { bounds } from '../core/bounds.ts';
import type { Core } from '../core/core.ts';
import { extentOf } from '../core/extent.ts';
import { messageOf } from '../core/failure.ts';
import { isObject } from '../core/jsonobject.ts';
import { Log } from '../core/log.ts';
import { errorResponse, type Failure, storeUnavailable, tooLarge } from '../errors.ts';
import { type Memory, TooLarge } from './memory.ts';
import { Refusal, refuse } from './refusal.ts';

const { jsonLevels, storeEntryBytes, jsonValues } = bounds;

/** A request for something that is stored. */
export interface Asked {
  readonly memory: Memory;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  /** The body as JSON; an empty one is an empty object. Throws a refusal. */
  body(): Promise<Readonly<Record<string, unknown>>>;
  /** Why a conversation may not take these items, of which each is JSON, if there is a reason. */
  readonly judgeItems: (items: readonly string[]) => Failure | undefined;
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

/** Of a whole body, in the terms of the module's own paths: no field is at fault. */
const unreadable = (message: string, code: string | null = null): Failure => ({
  status: 400,
  type: 'invalid_request_error',
  code,
  message,
});

/** Why a body is not taken apart: it would take too much memory, or could never go on to a model. */
const excessOf = (bytes: Uint8Array): Failure | undefined => {
  const { levels, values } = extentOf(bytes);
  if (levels > jsonLevels) return unreadable(`The JSON has more than ${jsonLevels} levels.`);
  return values > jsonValues
    ? unreadable(`The JSON has more than ${jsonValues} values.`)
    : undefined;
};

const readBody = async (
  core: Core,
  request: Request,
): Promise<Readonly<Record<string, unknown>>> => {
  const bytes = await core.read(request, storeEntryBytes);
  if (!(bytes instanceof Uint8Array)) return refuse(bytes);
  const excess = excessOf(bytes);
  if (excess) return refuse(excess);
  const value = jsonOf(bytes);
  if (isObject(value)) return value;
  if (value === undefined) return refuse(unreadable('The text is not valid JSON.'));
  return refuse(unreadable('Invalid request body: expected an object.', 'invalid_type'));
};

const failureOf = (error: unknown, { env }: Arrival): Failure => {
  if (error instanceof Refusal) return error.failure;
  if (error instanceof TooLarge) return tooLarge(storeEntryBytes);
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
    const asked: Asked = {
      memory,
      query,
      params,
      body: () => readBody(core, request),
      judgeItems: (items) => core.judgeItems(items),
    };
    return jsonAnswer(await answer(asked));
  } catch (error) {
    return errorResponse(failureOf(error, arrival));
  }
};
