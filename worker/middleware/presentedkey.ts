/** As OpenAI's SDKs send it, Anthropic's, or Google's. An empty one is none: its digest is anybody's. */
export const presentedKey = ({ headers }: Request): string | undefined => {
  const bearer = /^Bearer +(.+)$/i.exec(headers.get('authorization') ?? '')?.[1]?.trim();
  return bearer || headers.get('x-api-key') || headers.get('x-goog-api-key') || undefined;
};
