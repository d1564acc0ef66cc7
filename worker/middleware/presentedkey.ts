import { queryKeyOf } from '../google/address.ts';

/**
 * As OpenAI's SDKs send it, Anthropic's, or Google's, which may have it in the query. An empty one is
 * none: its digest is anybody's.
 */
export const presentedKey = (request: Request): string | undefined => {
  const { headers } = request;
  const bearer = /^Bearer +(.+)$/i.exec(headers.get('authorization') ?? '')?.[1]?.trim();
  const inField = bearer || headers.get('x-api-key') || headers.get('x-goog-api-key');
  return inField || queryKeyOf(request);
};
