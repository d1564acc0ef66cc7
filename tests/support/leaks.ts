// What a log must not tell: credentials, and what clients and models say to each other.

import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { Json } from '../../scripts/googlestub/json.ts';
import { secretsOf } from './secrets.ts';

/** A shorter text may stand in a log for another reason. */
const leastLength = 12;
/** A log that cuts a text short is found out by the passages that it holds. */
const passageLength = 32;
const mostOfText = 2000;

/** Texts stand under these names, in Google's terms and in OpenAI's. */
const textNames = new Set(['text', 'content', 'arguments']);
/** All that is below these comes from a model or goes to one. */
const textRoots = new Set(['args', 'response']);

export interface Talk {
  readonly stubs: Iterable<GoogleStub>;
  /** Bodies that clients sent. */
  readonly sent?: Iterable<string>;
  /** Keys that clients sent. */
  readonly keys?: Iterable<string>;
}

/** Which secrets and passages of texts the lines give away. */
export function leaksIn(lines: readonly string[], { stubs, sent = [], keys = [] }: Talk) {
  const output = lines.flatMap((line) => [line, ...stringsOf(parsed(line))]).join('\n');
  if (output === '') return [];
  const secrets = [...keys, ...[...stubs].flatMap(secretsOf)];
  const texts = [...[...sent].flatMap(textsOfBody), ...[...stubs].flatMap(textsOfCalls)];
  const all = new Set([...secrets, ...texts.flatMap(passagesOf)]);
  return [...all].filter((each) => output.includes(each));
}

function textsOfCalls({ calls }: GoogleStub): string[] {
  return calls
    .filter(({ kind }) => kind !== 'token')
    .flatMap(({ body, answer }) => [...textsOf(body), ...(answer ? textsOfAnswer(answer) : [])]);
}

/** A body that is no JSON is a text itself. */
function textsOfBody(body: string): string[] {
  const json = parsed(body);
  return json === undefined ? [body] : textsOf(json);
}

/** The texts of each event, and what they are together. */
function textsOfAnswer(answer: string): string[] {
  const whole = parsed(answer);
  const events = answer.split(/\r?\n\r?\n/).map((event) => parsed(event.replace(/^data: /, '')));
  const texts = (whole === undefined ? events : [whole]).flatMap(textsOf);
  return [...texts, texts.join('')];
}

function textsOf(json: Json | undefined): string[] {
  return [...stringsIn(json, false)];
}

function stringsOf(json: Json | undefined): string[] {
  return [...stringsIn(json, true)];
}

/** In the order they stand. Without recursion: bodies may be nested deeper than the stack is. */
function* stringsIn(json: Json | undefined, isAllText: boolean): Generator<string> {
  const waiting = [{ value: json, isText: isAllText, isAllText }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value } = next;
    if (typeof value === 'string' && next.isText) yield value;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, below] of Object.entries(value).reverse()) {
      const isRoot = next.isAllText || textRoots.has(name);
      waiting.push({ value: below, isText: isRoot || textNames.has(name), isAllText: isRoot });
    }
  }
}

function passagesOf(text: string): string[] {
  const passages = text.slice(0, mostOfText).match(passage) ?? [];
  return passages.filter((each) => each.trim().length >= leastLength);
}

const passage = new RegExp(`[^]{1,${passageLength}}`, 'g');

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
