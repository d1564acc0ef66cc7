import { describe, expect, it } from 'vitest';
import { flash, hello } from './samples.ts';
import { refusedBy, verdict } from './support.ts';

const count = (body: object, backend: 'gemini' | 'vertex' = 'gemini') =>
  verdict(body, flash, backend, 'countTokens');
const whole = (more: object) => ({ generateContentRequest: { ...hello, ...more } });

describe('counting the tokens of a whole request', () => {
  it('is for the model of the address', async () => {
    expect(await count(whole({ model: `models/${flash}` }))).toBeNull();
    expect(await count(whole({ model: 'models/gemini-3.5-flash' }))).toContain(
      'CountTokensRequest.generate_content_request.model',
    );
    expect(await count(whole({ model: flash }))).toContain('unexpected model name format');
  });

  it('needs the model', async () => {
    expect(await count(whole({}))).toBe(
      '* CountTokensRequest.generate_content_request.model: model is not specified\n',
    );
  });

  it('needs contents', async () => {
    const body = { generateContentRequest: { model: `models/${flash}` } };
    expect(await count(body)).toBe(
      '* CountTokensRequest.generate_content_request.contents: contents is not specified\n',
    );
    expect(await count({})).toBe('* CountTokensRequest.contents: contents is not specified\n');
  });

  it('is not known to Vertex', async () => {
    const { json } = await refusedBy(whole({ model: flash }), flash, 'vertex', 'countTokens');
    expect(JSON.stringify(json)).toContain('Unknown name');
  });
});
