import { createHash } from 'node:crypto';
import { type Json, type JsonObject, objectIn, objectsIn, textIn } from './json.ts';

/** What an image or a second of sound costs isn't the point: any figure that is always the same. */
const mediaTokens = 258;
const charactersPerToken = 4;

export function tokensOf(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

/** The longest beginning of a text within so many tokens, no surrogate pair split. */
export function cutToTokens(text: string, tokens: number): string {
  const end = Math.max(0, tokens) * charactersPerToken;
  const code = text.charCodeAt(end - 1);
  return text.slice(0, code >= 0xd800 && code < 0xdc00 && end < text.length ? end - 1 : end);
}

/** The tokens of a text, one by one, for log probabilities. */
export function tokenTexts(text: string): string[] {
  return text.match(/[\s\S]{1,4}/gu) ?? [];
}

function modalityOf(mimeType: string): string {
  const kind = mimeType.split('/')[0] ?? '';
  if (kind === 'image' || kind === 'audio' || kind === 'video') return kind.toUpperCase();
  return kind === 'text' ? 'TEXT' : 'DOCUMENT';
}

export type TokensByModality = Map<string, number>;

/** Tokens of the whole prompt: contents, system instruction and declared tools. */
export function promptTokens(request: JsonObject): TokensByModality {
  const counts: TokensByModality = new Map();
  const add = (modality: string, tokens: number): void => {
    if (tokens > 0) counts.set(modality, (counts.get(modality) ?? 0) + tokens);
  };
  const system = objectIn(request, 'systemInstruction');
  for (const content of [...(system ? [system] : []), ...objectsIn(request, 'contents')]) {
    for (const part of objectsIn(content, 'parts')) addPart(part, add);
  }
  if (request.tools !== undefined) add('TEXT', tokensOf(JSON.stringify(request.tools)));
  return counts;
}

function addPart(part: JsonObject, add: (modality: string, tokens: number) => void): void {
  const media = objectIn(part, 'inlineData') ?? objectIn(part, 'fileData');
  const text = textIn(part, 'text');
  if (media) add(modalityOf(textIn(media, 'mimeType') ?? ''), mediaTokens);
  else add('TEXT', tokensOf(text ?? JSON.stringify(withoutSignature(part))));
}

function withoutSignature(part: JsonObject): JsonObject {
  const { thoughtSignature: _signature, ...rest } = part;
  return rest;
}

export function sumOf(counts: TokensByModality): number {
  return [...counts.values()].reduce((sum, tokens) => sum + tokens, 0);
}

export function detailsOf(counts: TokensByModality): Json {
  return [...counts].map(([modality, tokenCount]) => ({ modality, tokenCount }));
}

/** The fewest tokens that are cached by themselves: ai.google.dev/gemini-api/docs/caching */
const smallestCached = 1024;

/**
 * Implicit caching: a long prompt whose beginning the project has sent to the model before is
 * counted as cached. https://ai.google.dev/gemini-api/docs/caching
 */
export class PromptCache {
  readonly #seen = new Set<string>();

  cachedTokens(scope: string, request: JsonObject, tokens: number): number {
    const beginning = [
      request.systemInstruction ?? null,
      objectsIn(request, 'contents')[0] ?? null,
    ];
    const hash = createHash('sha256').update(scope).update(JSON.stringify(beginning));
    const key = hash.digest('base64');
    const seen = this.#seen.has(key);
    this.#seen.add(key);
    return seen && tokens >= smallestCached ? tokens - (tokens % smallestCached) : 0;
  }

  clear(): void {
    this.#seen.clear();
  }
}
