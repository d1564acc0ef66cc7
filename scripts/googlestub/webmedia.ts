import type { Scene } from './rules.ts';
import { fileOf, fileUris } from './stored.ts';

const isFilm = (uri: string): boolean =>
  /^https:\/\/(?:(?:www\.|m\.)?youtube\.com|youtu\.be)\//.test(uri);

/**
 * Older models of the Gemini API take no address of the web besides films of YouTube's:
 * https://github.com/BoundaryML/baml/issues/1548. Which models are older is a guess.
 */
export function webMediaFault({ request, family, backend }: Scene): string | null {
  if (backend !== 'gemini' || family.group !== 'gemini-2') return null;
  const isWeb = (uri: string): boolean =>
    uri.startsWith('https://') && fileOf(uri) === undefined && !isFilm(uri);
  const stray = fileUris(request).find(isWeb);
  return stray === undefined ? null : `Invalid or unsupported file uri: ${stray}`;
}
