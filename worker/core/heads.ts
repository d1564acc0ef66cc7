// The heads that every request has, in texts: cpp/wasm/abi.h lays them down, cpp/frames/heads.h is the
// other side.
import type { AnswerHead, FetchHead, Fields, RequestHead, RespondHead } from './abi.ts';
import { readTexts, writeTexts } from './texts.ts';

/** Names and values in turn, from `begin` on. */
const fieldsOf = (texts: readonly string[], begin: number): Fields => {
  const fields: Record<string, string> = {};
  for (let at = begin; at + 1 < texts.length; at += 2)
    fields[texts[at] ?? ''] = texts[at + 1] ?? '';
  return fields;
};

const textsOf = (fields: Fields): string[] => Object.entries(fields).flat();

export const writeRequestHead = (head: RequestHead): Uint8Array => {
  const { operation, id, params, client, fallback } = head;
  const { name, models = [], stored = true } = client;
  const isStored = stored ? '' : 'denied';
  const count = String(models.length);
  return writeTexts([
    ...[operation, id, fallback ?? '', name, isStored, count],
    ...models,
    ...textsOf(params),
  ]);
};

export const readFetchHead = (bytes: Uint8Array): FetchHead => {
  const texts = readTexts(bytes);
  const [method = '', url = '', timeoutMs, isJudged, host = '', held] = texts;
  return {
    method,
    url,
    headers: fieldsOf(texts, 6),
    ...(timeoutMs && { timeoutMs: Number(timeoutMs) }),
    ...(isJudged && { host }),
    ...(held && { isHeld: true }),
  };
};

export const writeAnswerHead = ({ status, headers }: AnswerHead): Uint8Array =>
  writeTexts([String(status), ...textsOf(headers)]);

export const readRespondHead = (bytes: Uint8Array): RespondHead => {
  const texts = readTexts(bytes);
  const [status, answered] = texts;
  return {
    status: Number(status),
    headers: fieldsOf(texts, 2),
    ...(answered && { stream: true }),
    ...(answered === 'passed' && { passed: true }),
  };
};
