// What Google was asked, and what it is made to answer.

import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import type { CallFilter } from '../../scripts/googlestub/record.ts';
import { lastRequest } from './chat.ts';

export interface Content {
  readonly role: string;
  readonly parts: JsonObject[];
}

/** The contents of the latest request to Google. */
export function contentsOf(google: GoogleStub): Content[] {
  return (lastRequest(google).contents ?? []) as unknown as Content[];
}

/** The parts of one turn of it. */
export function partsOf(google: GoogleStub, turn: number): JsonObject[] {
  return contentsOf(google).at(turn)?.parts ?? [];
}

/** Every turn, by the kinds of its parts: `model: text functionCall`. */
export function turnsOf(google: GoogleStub): string[] {
  return contentsOf(google).map(
    ({ role, parts }) => `${role}: ${parts.map((part) => Object.keys(part)[0]).join(' ')}`,
  );
}

export function configOf(google: GoogleStub): JsonObject {
  return (lastRequest(google).generationConfig ?? {}) as JsonObject;
}

export function declarationsOf(google: GoogleStub): JsonObject[] {
  const tools = (lastRequest(google).tools ?? []) as { functionDeclarations?: JsonObject[] }[];
  return tools.flatMap(({ functionDeclarations }) => functionDeclarations ?? []);
}

/** Google's next answer, an event for each of these; the last one ends it. */
export function answer(
  google: GoogleStub,
  events: readonly JsonObject[],
  more: JsonObject = {},
  filter: CallFilter = {},
): void {
  const responses = events.map((event) => ({ candidates: [event], ...more }));
  google.answerNext(filter, { responses });
}

/** A candidate of such parts. */
export function said(parts: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return { content: { role: 'model', parts: [...parts] }, ...more };
}

export const stop = { finishReason: 'STOP' };

/** A refusal by 400 in Google's own words, for the next calls. */
export function refuse(google: GoogleStub, message: string, times = 1): void {
  const error = { code: 400, message, status: 'INVALID_ARGUMENT' };
  google.fault({}, { kind: 'raw', status: 400, body: JSON.stringify({ error }) }, times);
}
