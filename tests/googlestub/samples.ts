/** A model of the newer families, and one of those before Gemini 3. */
export const flash = 'gemini-3.8-flash';
export const old = 'gemini-2.5-flash';

/** Calls of the newer one, as a URL ends. */
export const whole = `${flash}:generateContent`;
export const streamed = `${flash}:streamGenerateContent?alt=sse`;

/** A signature that nobody checks: https://ai.google.dev/gemini-api/docs/thought-signatures */
export const thoughtSignature = 'skip_thought_signature_validator';

export const hello = { contents: [{ role: 'user', parts: [{ text: 'Hello, world' }] }] };

export function say(text: string, rest: object = {}) {
  return { contents: [{ role: 'user', parts: [{ text }] }], ...rest };
}

export function configured(generationConfig: object) {
  return say('Hi', { generationConfig });
}

export function declare(...functionDeclarations: object[]) {
  return say('Hi', { tools: [{ functionDeclarations }] });
}
