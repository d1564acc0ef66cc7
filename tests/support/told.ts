// One answer, whole or in chunks, told in the same terms.
import { isObject, type JsonObject } from '../../scripts/googlestub/json.ts';
import { chunksOf } from './chat.ts';
import type { Rondo } from './rondo.ts';

export const modes = ['whole', 'streamed'] as const;
export type Mode = (typeof modes)[number];

export interface Message extends JsonObject {
  content: string | null;
}

export interface Call extends JsonObject {
  id: string;
  function: { name: string; arguments: string };
}

export interface Choice {
  readonly index: number;
  readonly message: Message;
  readonly finish: string | null;
  readonly logprobs: JsonObject | null;
}

export interface Told {
  readonly choices: readonly Choice[];
  readonly usage: JsonObject | null;
  readonly headers: Headers;
  /** Of a stream. */
  readonly chunks: readonly JsonObject[];
}

interface Piece {
  readonly index: number;
  readonly message?: JsonObject;
  readonly delta?: JsonObject;
  readonly logprobs?: JsonObject | null;
  readonly finish_reason: string | null;
}

/** Asks for a chat completion that must succeed. */
export async function tell(rondo: Rondo, mode: Mode, body: object): Promise<Told> {
  const stream = { stream: true, stream_options: { include_usage: true } };
  const answer = await rondo.chat(mode === 'whole' ? body : { ...body, ...stream });
  if (answer.status !== 200) throw new Error(`answered ${answer.status}: ${await answer.text()}`);
  const { headers } = answer;
  const chunks = mode === 'whole' ? [] : await chunksOf(answer);
  const bodies = mode === 'whole' ? [(await answer.json()) as JsonObject] : chunks;
  const pieces = bodies.flatMap(({ choices }) => choices as unknown as Piece[]);
  const usage = bodies.map((each) => each.usage).findLast(isObject) ?? null;
  return { choices: choicesOf(pieces), usage, headers, chunks };
}

function choicesOf(pieces: readonly Piece[]): Choice[] {
  const indices = [...new Set(pieces.map(({ index }) => index))].sort((a, b) => a - b);
  return indices.map((index) => joined(pieces.filter((piece) => piece.index === index)));
}

function joined(pieces: readonly Piece[]): Choice {
  const message: Message = { content: null };
  const scores: JsonObject = {};
  for (const piece of pieces) {
    add(message, piece.message ?? piece.delta ?? {});
    add(scores, piece.logprobs ?? {});
  }
  const finish = pieces.map((piece) => piece.finish_reason).find((reason) => reason !== null);
  const logprobs = scores.content ? scores : null;
  return { index: pieces[0]?.index ?? 0, message, finish: finish ?? null, logprobs };
}

/** Texts and lists go on, as OpenAI's clients read them; all else is told once. */
function add(whole: JsonObject, more: JsonObject): void {
  for (const [key, value] of Object.entries(more)) {
    const before = whole[key];
    if (typeof value === 'string' && typeof before === 'string') whole[key] = before + value;
    else if (Array.isArray(value) && Array.isArray(before)) whole[key] = [...before, ...value];
    else whole[key] = value;
  }
}

/** The one choice of an answer. */
export function choiceOf({ choices }: Told): Choice {
  const [choice] = choices;
  if (!choice || choices.length !== 1) throw new Error(`${choices.length} choices`);
  return choice;
}

export function callsIn(told: Told): Call[] {
  return (choiceOf(told).message.tool_calls ?? []) as unknown as Call[];
}

/** The calls as `name {"arguments":…}`. */
export function calledIn(told: Told): string[] {
  return callsIn(told).map((call) => `${call.function.name} ${call.function.arguments}`);
}

/** The words of `x-rondo-adjusted`. */
export function adjustedIn({ headers }: Told): string[] {
  return headers.get('x-rondo-adjusted')?.split(', ') ?? [];
}
