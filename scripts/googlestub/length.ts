import type { Scene } from './rules.ts';
import { promptTokens, sumOf } from './usage.ts';

/** What is said of a prompt that no model takes, by each back-end as its callers quote it; null: it is taken. */
export function lengthFault({ request, backend, family: { inputTokens } }: Scene): string | null {
  const tokens = sumOf(promptTokens(request));
  if (tokens <= inputTokens) return null;
  return backend === 'gemini'
    ? `The input token count (${tokens}) exceeds the maximum number of tokens allowed (${inputTokens}).`
    : `Unable to submit request because the input token count is ${tokens} but model only supports up ` +
        `to ${inputTokens}. Reduce the input token count and try again. You can also use the ` +
        'CountTokens API to calculate prompt token count and billable characters. Learn more: ' +
        'https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini';
}
