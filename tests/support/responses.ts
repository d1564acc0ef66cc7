// Requests of OpenAI's Responses, and what is answered.
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { model } from './chat.ts';
import type { Rondo } from './rondo.ts';

export type Item = JsonObject & { readonly type: string };

export interface ResponseBody extends JsonObject {
  status: string;
  output: Item[];
}

export const modes = ['whole', 'streamed'] as const;
export type Mode = (typeof modes)[number];

/** The body of a response that the stub answers with `You said: …`. */
export function respond(input: unknown = 'Hello', more: object = {}) {
  return { model, store: false, input, ...more };
}

export function post(rondo: Rondo, body: unknown, path = '/v1/responses'): Promise<Response> {
  return rondo.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** The events of a stream, in order. Lines of comments are left out. */
export function responseEvents(stream: string): JsonObject[] {
  return stream
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => JSON.parse(block.slice(block.indexOf('\ndata: ') + 7)) as JsonObject);
}

export interface Responded {
  readonly response: ResponseBody;
  readonly headers: Headers;
  /** Of a stream. */
  readonly events: readonly JsonObject[];
}

/** A response that must be answered with 200, whole or as the last event of a stream has it. */
export async function responded(rondo: Rondo, mode: Mode, body: object): Promise<Responded> {
  const answer = await post(rondo, mode === 'whole' ? body : { ...body, stream: true });
  const { status, headers } = answer;
  const text = await answer.text();
  if (status !== 200) throw new Error(`answered ${status}: ${text}`);
  if (mode === 'whole') return { response: JSON.parse(text) as ResponseBody, headers, events: [] };
  const events = responseEvents(text);
  return { response: events.at(-1)?.response as ResponseBody, headers, events };
}

export const typesOf = ({ output }: ResponseBody): string[] => output.map(({ type }) => type);

/** The items of one type. */
export const itemsOf = ({ output }: ResponseBody, type: string): Item[] =>
  output.filter((item) => item.type === type);

/** The parts of all messages. */
export const contentOf = (response: ResponseBody): JsonObject[] =>
  itemsOf(response, 'message').flatMap(({ content }) => content as JsonObject[]);

/** What all messages say. */
export const textOf = (response: ResponseBody): string =>
  contentOf(response)
    .map(({ text }) => text ?? '')
    .join('');
