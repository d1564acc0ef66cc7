import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import type { CallFilter } from '../../scripts/googlestub/record.ts';
import type { Rondo } from './rondo.ts';

export const model = 'gemini-3.8-flash';
export const otherModel = 'gemini-2.5-flash';

/** The body of a chat completion that the stub answers with `You said: …`. */
export function ask(text = 'Hello', more: object = {}) {
  return { model, messages: [{ role: 'user' as const, content: text }], ...more };
}

/** The accounts that generating calls were made with, in order. */
export function served(google: GoogleStub, filter: CallFilter = {}): (string | null)[] {
  return callsOf(google, filter).map(({ credential }) => credential);
}

export function callsOf({ calls }: GoogleStub, { model: of, credential }: CallFilter = {}) {
  return calls.filter(
    (call) =>
      call.kind === 'generate' &&
      (of ?? call.model) === call.model &&
      (credential ?? call.credential) === call.credential,
  );
}

/** The body of the latest generating call. */
export function lastRequest(google: GoogleStub): JsonObject {
  return callsOf(google).at(-1)?.body as JsonObject;
}

export function tokenCalls(google: GoogleStub, credential?: string): number {
  return google.count({ kind: 'token', ...(credential !== undefined && { credential }) });
}

export interface Failed {
  readonly status: number;
  readonly headers: Headers;
  readonly error: JsonObject;
}

/** An answer in OpenAI's shape of errors, perhaps with details, and in no other. */
export async function failed(answer: Response | Promise<Response>): Promise<Failed> {
  const { status, headers, ...rest } = await take(await answer);
  const body = JSON.parse(rest.text) as { error: JsonObject };
  const { details: _, ...common } = body.error;
  const shape = Object.keys(common).sort().join();
  if (Object.keys(body).join() !== 'error' || shape !== 'code,message,param,type') {
    throw new Error(`not OpenAI's shape of errors: ${rest.text}`);
  }
  return { status, headers, error: body.error };
}

async function take(answer: Response) {
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** The text of a chat completion that must succeed. */
export async function told(answer: Response | Promise<Response>): Promise<string> {
  const { status, text } = await take(await answer);
  if (status !== 200) throw new Error(`answered ${status}: ${text}`);
  return (JSON.parse(text) as { choices: [{ message: { content: string } }] }).choices[0].message
    .content;
}

/** One after the other, so that their order is certain. */
export async function askTimes(rondo: Rondo, times: number, body: object = ask()): Promise<void> {
  for (let time = 0; time < times; time += 1) await told(rondo.chat(body));
}

/** The data of each event of a stream, in order. */
export async function eventsOf(answer: Response | Promise<Response>): Promise<string[]> {
  const text = await (await answer).text();
  const events = text.split('\n\n');
  if (events.pop() !== '') throw new Error(`the last event has no end: ${text.slice(-200)}`);
  return events.map((event) => event.replace(/^data: /, ''));
}

/** The chunks of a stream that ends as it should. */
export async function chunksOf(answer: Response | Promise<Response>): Promise<JsonObject[]> {
  const events = await eventsOf(answer);
  if (events.pop() !== '[DONE]') throw new Error('the stream does not end with [DONE]');
  return events.map((event) => JSON.parse(event) as JsonObject);
}
