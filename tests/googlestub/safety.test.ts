import { describe, expect, it } from 'vitest';
import { flash, say } from './samples.ts';
import { verdict } from './support.ts';

const threshold = 'BLOCK_NONE';
const asked = (...categories: string[]) =>
  say('Hi', {
    safetySettings: categories.map((name) => ({ category: `HARM_CATEGORY_${name}`, threshold })),
  });

describe('safety settings', () => {
  const failed = (index: number): string =>
    `* GenerateContentRequest.safety_settings[${index}]: element predicate failed: $.category in ` +
    '(HarmCategory.HARM_CATEGORY_HATE_SPEECH, HarmCategory.HARM_CATEGORY_SEXUALLY_EXPLICIT, ' +
    'HarmCategory.HARM_CATEGORY_DANGEROUS_CONTENT, HarmCategory.HARM_CATEGORY_HARASSMENT, ' +
    'HarmCategory.HARM_CATEGORY_CIVIC_INTEGRITY)\n';

  it('are each of a category', async () => {
    expect(await verdict(asked('UNSPECIFIED', 'HARASSMENT', 'UNSPECIFIED'))).toBe(
      failed(0) + failed(2),
    );
    expect(await verdict(say('Hi', { safetySettings: [{ threshold }] }))).toBe(failed(0));
  });

  it('are of different categories', async () => {
    const message = 'Multiple safety settings with the same category.';
    expect(await verdict(asked('HARASSMENT', 'HATE_SPEECH', 'HARASSMENT'))).toBe(message);
    expect(await verdict(asked('JAILBREAK', 'JAILBREAK'), flash, 'vertex')).toBe(message);
    expect(await verdict(asked('HARASSMENT', 'HATE_SPEECH'))).toBeNull();
  });
});
