import { isObject, type JsonObject, objectIn, objectsIn } from './json.ts';

/** The unary answer that says what a stream's events say one after another. */
export function mergeResponses(responses: readonly JsonObject[]): JsonObject {
  const [first, ...others] = responses;
  if (!first || others.length === 0) return first ?? {};
  const merged: JsonObject = Object.assign({}, ...responses);
  const candidates = new Map<unknown, JsonObject>();
  for (const candidate of responses.flatMap((response) => objectsIn(response, 'candidates'))) {
    const index = candidate.index ?? 0;
    const before = candidates.get(index);
    candidates.set(index, before ? mergeCandidates(before, candidate) : candidate);
  }
  if (candidates.size > 0) merged.candidates = [...candidates.values()].map(tidy);
  return merged;
}

function mergeCandidates(before: JsonObject, after: JsonObject): JsonObject {
  const parts = [before, after].flatMap((candidate) =>
    objectsIn(objectIn(candidate, 'content') ?? {}, 'parts'),
  );
  const content: JsonObject = { ...objectIn(before, 'content'), ...objectIn(after, 'content') };
  if (parts.length > 0) content.parts = parts;
  const merged: JsonObject = { ...before, ...after, content };
  const logprobs = [before, after].map((candidate) => objectIn(candidate, 'logprobsResult'));
  if (logprobs[0] && logprobs[1]) merged.logprobsResult = joinLists(logprobs[0], logprobs[1]);
  return merged;
}

function joinLists(before: JsonObject, after: JsonObject): JsonObject {
  const joined: JsonObject = { ...before, ...after };
  for (const [key, value] of Object.entries(before)) {
    const more = after[key];
    if (Array.isArray(value) && Array.isArray(more)) joined[key] = [...value, ...more];
  }
  return joined;
}

/** Neighbouring texts become one part; a signature that came last on an empty text goes with it. */
function tidy(candidate: JsonObject): JsonObject {
  const content = objectIn(candidate, 'content');
  if (!content || !Array.isArray(content.parts)) return candidate;
  const runs: JsonObject[][] = [];
  for (const part of content.parts.filter(isObject)) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before && joins(before, part)) run.push(part);
    else runs.push([part]);
  }
  const parts = runs.map(joinRun).filter((part, _, all) => all.length === 1 || !isEmpty(part));
  return { ...candidate, content: { ...content, parts } };
}

function joins(before: JsonObject, after: JsonObject): boolean {
  const texts = typeof before.text === 'string' && typeof after.text === 'string';
  return texts && before.thought === after.thought && before.thoughtSignature === undefined;
}

function joinRun(run: readonly JsonObject[]): JsonObject {
  const merged: JsonObject = Object.assign({}, ...run);
  if (run.length > 1) merged.text = run.map((part) => part.text).join('');
  return merged;
}

function isEmpty(part: JsonObject): boolean {
  return part.text === '' && part.thoughtSignature === undefined;
}
