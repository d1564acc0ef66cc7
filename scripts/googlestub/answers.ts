import { createHash } from 'node:crypto';
import {
  askedText,
  currentTurn,
  type PlannedCall,
  partsOf,
  plannedCalls,
  type Speech,
} from './calls.ts';
import type { ApiBackend, Family } from './families.ts';
import { instanceOf } from './instance.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  numberIn,
  objectIn,
  objectsIn,
  stringsIn,
  textIn,
} from './json.ts';
import { madeParts } from './media.ts';
import {
  cutToTokens,
  detailsOf,
  sumOf,
  type TokensByModality,
  tokensOf,
  tokenTexts,
} from './usage.ts';

export interface AnswerScene {
  /** The request with names in camel case. */
  readonly request: JsonObject;
  readonly model: string;
  readonly family: Family;
  readonly backend: ApiBackend;
  readonly streaming: boolean;
  readonly prompt: TokensByModality;
  readonly cached: number;
  readonly serial: number;
  readonly now: number;
  readonly sign: (part: JsonObject) => string;
  /** What the model is made to say; undefined: what follows from the request. */
  readonly speech: Speech | undefined;
}

interface Piece {
  readonly part: JsonObject | null;
  readonly tokens: number;
  readonly thought: boolean;
}

interface Draft {
  readonly pieces: readonly Piece[];
  readonly finish: string;
}

const thinkingTokens = { MINIMAL: 2, LOW: 4, MEDIUM: 8, HIGH: 16, XHIGH: 32 };

/** The events of an answer that follows from the request alone. */
export function defaultResponses(scene: AnswerScene): JsonObject[] {
  if (lacksIds(scene)) return [silence(scene)];
  const made = madeParts(scene);
  if (made) return mediaEvents(scene, made);
  const config = configOf(scene.request);
  const candidates = numberIn(config, 'candidateCount') ?? 1;
  const drafts = Array.from({ length: candidates }, (_, index) => draftOf(scene, index));
  return eventsOf(scene, drafts);
}

/** An event for each part, the last of which ends it. */
function mediaEvents(scene: AnswerScene, parts: readonly JsonObject[]): JsonObject[] {
  return parts.map((part, index) => {
    const candidate: JsonObject = { content: { role: 'model', parts: [part] } };
    if (index === parts.length - 1) candidate.finishReason = 'STOP';
    if (scene.backend === 'gemini') candidate.index = 0;
    return eventOf(scene, candidate, { said: 10 * (index + 1), thoughts: 0 });
  });
}

/** A call of the current turn without an id, where the model can't do without. */
function lacksIds({ request, family, backend }: AnswerScene): boolean {
  if (!family.idsNeeded.includes(backend)) return false;
  const contents = objectsIn(request, 'contents');
  const steps = contents.slice(currentTurn(contents)).flatMap(partsOf);
  return steps.some((part) => isObject(part.functionCall) && part.functionCall.id === undefined);
}

/** An answer that says nothing and means it. */
function silence(scene: AnswerScene): JsonObject {
  const candidate: JsonObject = { content: { role: 'model' }, finishReason: 'STOP' };
  if (scene.backend === 'gemini') candidate.index = 0;
  return eventOf(scene, candidate, { said: 0, thoughts: 0 });
}

export function configOf(request: JsonObject): JsonObject {
  return objectIn(request, 'generationConfig') ?? {};
}

export function responseIdOf(serial: number): string {
  return createHash('sha256').update(`response ${serial}`).digest('base64url').slice(0, 23);
}

/** As Google's own look: nothing in them tells them from a caller's. */
function callIdOf(serial: number, index: number): string {
  const hash = createHash('sha256').update(`call ${serial}`).digest();
  return `call_${1_000_000 + ((hash.readUInt32BE() + index) % 9_000_000)}`;
}

function draftOf(scene: AnswerScene, index: number): Draft {
  const config = configOf(scene.request);
  const thoughts = thoughtTokens(scene);
  const left = (numberIn(config, 'maxOutputTokens') ?? Infinity) - thoughts;
  const thinking = thoughtPieces(scene, Math.min(thoughts, thoughts + left));
  const calls = scene.speech?.calls ?? plannedCalls(scene.request);
  if (left <= 0) return { pieces: thinking, finish: 'MAX_TOKENS' };
  const said = calls.length > 0 ? callPieces(scene, calls) : textPieces(scene, index, left);
  return { pieces: [...thinking, ...said.pieces], finish: said.finish };
}

function thoughtTokens({ request, family }: AnswerScene): number {
  const config = objectIn(configOf(request), 'thinkingConfig') ?? {};
  const budget = numberIn(config, 'thinkingBudget');
  const level = textIn(config, 'thinkingLevel')?.toUpperCase() ?? family.level;
  if (budget === 0 || (level === null && !budget)) return 0;
  const usual = thinkingTokens[(level ?? 'MEDIUM') as keyof typeof thinkingTokens] ?? 8;
  return budget !== undefined && budget > 0 ? Math.min(budget, usual) : usual;
}

function thoughtPieces({ request }: AnswerScene, tokens: number): Piece[] {
  if (tokens <= 0) return [];
  const include = objectIn(configOf(request), 'thinkingConfig')?.includeThoughts === true;
  if (!include) return [{ part: null, tokens, thought: true }];
  const said = cutToTokens(askedText(request), 50);
  const texts = ['**Reading the request**\n\n', `They said: ${said}\n\n`];
  return texts.map((text, index) => ({
    part: { text, thought: true },
    tokens: index === 0 ? Math.floor(tokens / 2) : Math.ceil(tokens / 2),
    thought: true,
  }));
}

function callPieces(scene: AnswerScene, calls: readonly PlannedCall[]): Draft {
  const pieces = calls.map(({ name, args }, index): Piece => {
    const hasId = scene.family.callIds.includes(scene.backend);
    const id = callIdOf(scene.serial, index);
    const functionCall: JsonObject = { ...(hasId ? { id } : {}), name, args };
    // Of parallel calls the first alone is signed.
    const isSigned = index === 0 && signs(scene);
    const signature = isSigned ? { thoughtSignature: scene.sign({ functionCall }) } : {};
    const part = { functionCall, ...signature };
    return { part, tokens: tokensOf(JSON.stringify(functionCall)), thought: false };
  });
  // Google often sends STOP in a chunk of its own, after the calls.
  return { pieces: [...pieces, { part: { text: '' }, tokens: 0, thought: false }], finish: 'STOP' };
}

function signs(scene: AnswerScene): boolean {
  return scene.family.signatures || thoughtTokens(scene) > 0;
}

function textPieces(scene: AnswerScene, index: number, tokens: number): Draft {
  const whole = (scene.speech?.text ?? answerText(scene)) + (index > 0 ? ` (${index})` : '');
  const stopped = stopText(whole, stringsIn(configOf(scene.request), 'stopSequences'));
  const text = cutToTokens(stopped, tokens);
  const pieces = chunksOf(text).map(
    (chunk): Piece => ({ part: { text: chunk }, tokens: tokensOf(chunk), thought: false }),
  );
  if (scene.family.signatures) {
    const part = { text: '', thoughtSignature: scene.sign({ text }) };
    pieces.push({ part, tokens: 0, thought: false });
  }
  return { pieces, finish: text.length < stopped.length ? 'MAX_TOKENS' : 'STOP' };
}

function stopText(text: string, sequences: readonly string[]): string {
  const ends = sequences.map((sequence) => text.indexOf(sequence)).filter((end) => end >= 0);
  return text.slice(0, Math.min(text.length, ...ends));
}

function answerText(scene: AnswerScene): string {
  const config = configOf(scene.request);
  const schema = config.responseJsonSchema ?? config.responseSchema;
  if (config.responseMimeType === 'text/x.enum') return String(instanceOf(schema ?? true));
  if (config.responseMimeType === 'application/json') {
    return JSON.stringify(
      schema === undefined ? { answer: echo(scene.request) } : instanceOf(schema),
    );
  }
  return echo(scene.request);
}

function echo(request: JsonObject): string {
  const contents = objectsIn(request, 'contents');
  const last = contents.at(-1);
  if (currentTurn(contents) < contents.length && last?.role !== 'model') {
    return `The tools said: ${partsOf(last).map(responseText).join(' ')}`;
  }
  return `You said: ${partsOf(last).map(partText).join(' ')}`;
}

function responseText(part: JsonObject): string {
  const response = objectIn(part, 'functionResponse') ?? {};
  return `${response.name} ${JSON.stringify(response.response ?? {})}`;
}

function partText(part: JsonObject): string {
  const inline = objectIn(part, 'inlineData');
  if (inline) {
    const bytes = Buffer.from(textIn(inline, 'data') ?? '', 'base64').length;
    return `[${inline.mimeType}, ${bytes} bytes]`;
  }
  const file = objectIn(part, 'fileData');
  return file ? `[${file.mimeType} at ${file.fileUri}]` : (textIn(part, 'text') ?? '');
}

/** Cuts a text into at most 64 pieces of some words' length, no surrogate pair split. */
export function chunksOf(text: string): string[] {
  const size = Math.max(12, Math.ceil(text.length / 64));
  return text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'gu')) ?? [''];
}

function eventsOf(scene: AnswerScene, drafts: readonly Draft[]): JsonObject[] {
  const usage = { said: 0, thoughts: 0 };
  const events: JsonObject[] = [];
  const longest = Math.max(...drafts.map((draft) => draft.pieces.length));
  for (let step = 0; step < longest; step += 1) {
    for (const [index, { pieces, finish }] of drafts.entries()) {
      const piece = pieces[step];
      if (!piece) continue;
      usage[piece.thought ? 'thoughts' : 'said'] += piece.tokens;
      const last = step === pieces.length - 1;
      if (!piece.part && !last) continue;
      events.push(eventOf(scene, candidateOf(scene, piece, index, last ? finish : null), usage));
    }
  }
  return events;
}

function candidateOf(
  scene: AnswerScene,
  { part, thought }: Piece,
  index: number,
  finish: string | null,
): JsonObject {
  const content: JsonObject = part ? { parts: [part], role: 'model' } : { role: 'model' };
  const candidate: JsonObject = { content };
  if (finish) candidate.finishReason = finish;
  if (index > 0 || scene.backend === 'gemini') candidate.index = index;
  const config = configOf(scene.request);
  const text = part ? textIn(part, 'text') : undefined;
  if (config.responseLogprobs === true && text && !thought) {
    candidate.logprobsResult = logprobsOf(text, numberIn(config, 'logprobs') ?? 0);
  }
  return candidate;
}

function logprobsOf(text: string, alternatives: number): JsonObject {
  const tokens = tokenTexts(text);
  const chosen = tokens.map((token, place) => logprob(token, place, -0.125));
  const top = tokens.map((token, place) => ({
    candidates: Array.from({ length: alternatives }, (_, rank) =>
      rank === 0 ? logprob(token, place, -0.125) : logprob(`${token}${rank}`, place, -2 - rank),
    ),
  }));
  const result: JsonObject = { chosenCandidates: chosen };
  return alternatives > 0 ? { topCandidates: top, ...result } : result;
}

function logprob(token: string, place: number, logProbability: number): JsonObject {
  return { token, tokenId: 1000 + place, logProbability };
}

function eventOf(
  scene: AnswerScene,
  candidate: JsonObject,
  usage: { said: number; thoughts: number },
): JsonObject {
  const event: JsonObject = {
    candidates: [candidate],
    usageMetadata: usageOf(scene, usage),
    modelVersion: scene.model,
  };
  if (scene.backend === 'vertex') event.createTime = new Date(scene.now).toISOString();
  event.responseId = responseIdOf(scene.serial);
  return event;
}

function usageOf(scene: AnswerScene, usage: { said: number; thoughts: number }): JsonObject {
  const prompt = sumOf(scene.prompt);
  const counts: JsonObject = { promptTokenCount: prompt };
  if (scene.cached > 0) counts.cachedContentTokenCount = scene.cached;
  if (usage.said > 0) counts.candidatesTokenCount = usage.said;
  counts.totalTokenCount = prompt + usage.said + usage.thoughts;
  if (scene.backend === 'vertex') counts.trafficType = 'ON_DEMAND';
  counts.promptTokensDetails = detailsOf(scene.prompt);
  if (scene.cached > 0) counts.cacheTokensDetails = textDetails(scene.cached);
  if (usage.said > 0) {
    counts.candidatesTokensDetails = [
      { modality: modalities[scene.family.makes], tokenCount: usage.said },
    ];
  }
  if (usage.thoughts > 0) counts.thoughtsTokenCount = usage.thoughts;
  if (scene.backend === 'gemini') counts.serviceTier = 'standard';
  return counts;
}

const modalities = { text: 'TEXT', images: 'IMAGE', speech: 'AUDIO', transcripts: 'TEXT' };

function textDetails(tokenCount: number): Json {
  return [{ modality: 'TEXT', tokenCount }];
}
