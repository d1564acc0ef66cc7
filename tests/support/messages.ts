// Requests of Anthropic's dialect, and what is answered.
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { model } from './chat.ts';
import { streamEvents } from './messagesshapes.ts';
import type { Rondo } from './rondo.ts';

export type Block = JsonObject & { readonly type: string };

export interface Message extends JsonObject {
  content: Block[];
  stop_reason: string;
  usage: JsonObject;
}

/** The body of a message that the stub answers with `You said: …`. */
export function say(text: unknown = 'Hello', more: object = {}) {
  return { model, max_tokens: 1000, messages: [{ role: 'user', content: text }], ...more };
}

export function post(rondo: Rondo, body: unknown, path = '/v1/messages'): Promise<Response> {
  return rondo.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2026-10-21' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export const modes = ['whole', 'streamed'] as const;
export type Mode = (typeof modes)[number];

/** A message that must succeed, whole or put together of a stream. */
export async function messageOf(rondo: Rondo, mode: Mode, body: object): Promise<Message> {
  const answer = await post(rondo, mode === 'whole' ? body : { ...body, stream: true });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`answered ${answer.status}: ${text}`);
  return mode === 'whole' ? (JSON.parse(text) as Message) : joined(text);
}

function joined(stream: string): Message {
  let message: Message | undefined;
  for (const { event, data } of streamEvents(stream)) {
    if (event === 'message_start') message = data.message as Message;
    else if (message) add(message, event, data as JsonObject);
  }
  if (!message) throw new Error(`no message in ${stream}`);
  return message;
}

function add(message: Message, event: string, data: JsonObject): void {
  if (event === 'content_block_start') message.content.push(data.content_block as Block);
  if (event === 'message_delta') {
    Object.assign(message, data.delta);
    Object.assign(message.usage, data.usage);
  }
  const block = message.content.at(-1);
  if (event === 'content_block_delta' && block) addDelta(block, data.delta as JsonObject);
}

function addDelta(block: JsonObject, delta: JsonObject): void {
  const { type: _, citation, partial_json, signature, ...texts } = delta;
  if (citation) block.citations = [...((block.citations ?? []) as JsonObject[]), citation];
  if (partial_json !== undefined) block.input = JSON.parse(String(partial_json));
  if (signature !== undefined) block.signature = signature;
  for (const [key, text] of Object.entries(texts)) block[key] = `${block[key]}${text}`;
}

export const typesOf = ({ content }: Message): string[] => content.map(({ type }) => type);

export const textOf = ({ content }: Message): string =>
  content.map(({ text }) => text ?? '').join('');

export interface Refused {
  readonly status: number;
  readonly headers: Headers;
  readonly error: JsonObject;
  readonly requestId: unknown;
}

/** An answer in Anthropic's shape of errors. */
export async function refused(asked: Response | Promise<Response>): Promise<Refused> {
  const answer = await asked;
  const { status, headers } = answer;
  const { type, error, request_id } = (await answer.json()) as JsonObject;
  if (type !== 'error') throw new Error(`answered ${status}, and no error`);
  return { status, headers, error: error as JsonObject, requestId: request_id };
}
