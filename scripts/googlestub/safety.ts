import { objectsIn, textIn } from './json.ts';
import type { Scene } from './rules.ts';

const unspecified = 'HARM_CATEGORY_UNSPECIFIED';

/** In Google's order: https://github.com/Visionatrix/ComfyUI-Gemini/issues/8 */
const categories = [
  'HATE_SPEECH',
  'SEXUALLY_EXPLICIT',
  'DANGEROUS_CONTENT',
  'HARASSMENT',
  'CIVIC_INTEGRITY',
].map((name) => `HarmCategory.HARM_CATEGORY_${name}`);

/**
 * All such faults, one a line: https://github.com/SillyTavern/SillyTavern/pull/2728. That Vertex AI says the same is a
 * guess.
 */
function predicateFault(given: readonly string[]): string | null {
  const list = categories.join(', ');
  const lines = given.flatMap((category, index) => {
    const place = `* GenerateContentRequest.safety_settings[${index}]`;
    return category === unspecified
      ? [`${place}: element predicate failed: $.category in (${list})\n`]
      : [];
  });
  return lines.length === 0 ? null : lines.join('');
}

/**
 * What is wrong with `safetySettings`. Of a category that is named twice:
 * https://github.com/google-gemini/deprecated-generative-ai-android/issues/224
 */
export function safetyFault({ request }: Scene): string | null {
  const given = objectsIn(request, 'safetySettings').map(
    (setting) => textIn(setting, 'category') ?? unspecified,
  );
  const fault = predicateFault(given);
  if (fault !== null) return fault;
  const isTwice = new Set(given).size < given.length;
  return isTwice ? 'Multiple safety settings with the same category.' : null;
}
