import { describe, expect, it } from 'vitest';
import { flash, old } from './samples.ts';
import { verdict } from './support.ts';

const shown = (fileUri: string) => ({
  contents: [{ role: 'user', parts: [{ fileData: { fileUri, mimeType: 'image/png' } }] }],
});
const picture = 'https://example.com/cat.png';

describe('an address of the web', () => {
  it('is taken by newer models, and by Vertex AI', async () => {
    expect(await verdict(shown(picture))).toBeNull();
    expect(await verdict(shown(picture), old, 'vertex')).toBeNull();
  });

  it('is taken by no older model of the Gemini API', async () => {
    expect(await verdict(shown(picture), old)).toBe(`Invalid or unsupported file uri: ${picture}`);
  });

  it.each(['https://www.youtube.com/watch?v=1', 'https://youtu.be/1'])(
    'of a film is taken by older ones too: %s',
    async (uri) => {
      expect(await verdict(shown(uri), old)).toBeNull();
    },
  );

  it('is never without encryption', async () => {
    const uri = 'http://example.com/cat.png';
    expect(await verdict(shown(uri))).toMatch(
      /^Unsupported file URI type: http:\/\/example\.com\/cat/,
    );
    expect(await verdict(shown(uri), flash, 'vertex')).toBe(
      `Invalid or unsupported file uri: ${uri}`,
    );
  });
});
