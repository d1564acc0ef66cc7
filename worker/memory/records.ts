// What is kept, in texts, before it is sealed. Items stay as their JSON was spelled.
import { readTexts, writeTexts } from '../core/texts.ts';

/** A response: what stands before and behind its output, what was asked, and what came out. */
export interface ResponseRecord {
  readonly before: string;
  readonly behind: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** A chat completion: the answer's JSON, the messages that it answers, and metadata as JSON. */
export interface CompletionRecord {
  readonly body: string;
  readonly messages: readonly string[];
  readonly metadata: string;
}

/** Items of a conversation that came at once. One that was deleted leaves an empty text. */
export interface BatchRecord {
  readonly items: readonly string[];
}

export interface ConversationRecord {
  /** Unix seconds. */
  readonly created: number;
  /** JSON */
  readonly metadata: string;
}

/** Kinds by the first text of each. */
const words = {
  response: 'response',
  batch: 'items',
  conversation: 'conversation',
  completion: 'completion',
} as const;

const textsOf = (bytes: Uint8Array, kind: keyof typeof words): string[] => {
  const [word, ...texts] = readTexts(bytes);
  if (word !== words[kind]) throw new TypeError(`a record is no ${kind}`);
  return texts;
};

/** As the module writes it (frames/records.h). The readers throw where it is no such record. */
export const readResponse = (bytes: Uint8Array): ResponseRecord => {
  const [before = '', behind = '', count = '', ...items] = textsOf(bytes, 'response');
  const inputs = Number(count);
  if (!(Number.isInteger(inputs) && inputs >= 0 && inputs <= items.length)) {
    throw new TypeError('a record has no such number of items');
  }
  return { before, behind, inputs: items.slice(0, inputs), outputs: items.slice(inputs) };
};

export const responseBody = ({ before, outputs, behind }: ResponseRecord): string =>
  before + outputs.join(',') + behind;

export const readBatch = (bytes: Uint8Array): BatchRecord => ({ items: textsOf(bytes, 'batch') });

export const writeBatch = ({ items }: BatchRecord): Uint8Array =>
  writeTexts([words.batch, ...items]);

export const readConversation = (bytes: Uint8Array): ConversationRecord => {
  const [created = '', metadata = ''] = textsOf(bytes, 'conversation');
  return { created: Number(created), metadata };
};

export const writeConversation = ({ created, metadata }: ConversationRecord): Uint8Array =>
  writeTexts([words.conversation, String(created), metadata]);

/** As the module writes it, too. */
export const readCompletion = (bytes: Uint8Array): CompletionRecord => {
  const [body = '', metadata = '', ...messages] = textsOf(bytes, 'completion');
  return { body, metadata, messages };
};

export const writeCompletion = ({ body, metadata, messages }: CompletionRecord): Uint8Array =>
  writeTexts([words.completion, body, metadata, ...messages]);

/** All items of a turn, be it a response or a batch. One that was deleted is an empty text. */
export const turnItems = (bytes: Uint8Array): readonly string[] => {
  const [word] = readTexts(bytes);
  if (word !== words.response) return readBatch(bytes).items;
  const { inputs, outputs } = readResponse(bytes);
  return [...inputs, ...outputs];
};

export const isThere = (item: string): boolean => item !== '';
