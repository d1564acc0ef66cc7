import type { Fault } from './faults.ts';
import { type JsonObject, objectIn, objectsIn } from './json.ts';

/** What a fault leaves of a good answer's events. */
export function spoiled(events: readonly JsonObject[], fault: Fault): readonly JsonObject[] {
  const last = events.at(-1) ?? {};
  const { candidates: _candidates, ...rest } = last;
  const kept = (): JsonObject[] => events.slice(0, fault.after ?? 0).map(unfinished);
  switch (fault.kind) {
    case 'empty':
      return [];
    case 'no-candidates':
      return [rest];
    case 'no-finish':
      return events.map(unfinished);
    case 'finish':
      return [...kept(), { ...rest, candidates: [ended(fault)] }];
    case 'empty-candidate':
      return events.map((event) => emptied(event, fault.index ?? 0, fault.reason));
    case 'split-call':
      return events.flatMap(split);
    case 'blocked':
      return [{ promptFeedback: { blockReason: fault.reason ?? 'SAFETY' }, ...rest }];
    case 'stream-error':
      return kept();
    default:
      return events;
  }
}

function unfinished(event: JsonObject): JsonObject {
  const candidates = objectsIn(event, 'candidates').map((candidate) => {
    const { finishReason: _finishReason, ...rest } = candidate;
    return rest;
  });
  return { ...event, candidates };
}

function ended({ reason, message }: Fault): JsonObject {
  const candidate: JsonObject = { finishReason: reason ?? 'OTHER' };
  if (message !== undefined) candidate.finishMessage = message;
  return candidate;
}

/** One candidate's content is left out, and the event's entry of it unless it ends there. */
function emptied(event: JsonObject, index: number, reason: string | undefined): JsonObject {
  const candidates = objectsIn(event, 'candidates').flatMap((candidate): JsonObject[] => {
    if ((candidate.index ?? 0) !== index) return [candidate];
    const { content: _content, ...rest } = candidate;
    if (rest.finishReason === undefined) return [];
    return [{ ...rest, finishReason: reason ?? rest.finishReason }];
  });
  return { ...event, candidates };
}

/** Every part in an event of its own, so that a call's arguments come after its name. */
function split(event: JsonObject): JsonObject[] {
  const [candidate] = objectsIn(event, 'candidates');
  const content = objectIn(candidate ?? {}, 'content') ?? {};
  const parts = objectsIn(content, 'parts');
  const halves = parts.flatMap(halvesOf);
  if (!candidate || halves.length === parts.length) return [event];
  const { finishReason, ...open } = candidate;
  return halves.map((part, index) => {
    const isLast = index === halves.length - 1 && finishReason !== undefined;
    const rest = isLast ? candidate : open;
    return { ...event, candidates: [{ ...rest, content: { ...content, parts: [part] } }] };
  });
}

function halvesOf(part: JsonObject): JsonObject[] {
  const call = objectIn(part, 'functionCall');
  if (!call) return [part];
  const named = { ...part, functionCall: { ...call, args: {} } };
  return [named, { functionCall: { args: call.args ?? {} } }];
}
