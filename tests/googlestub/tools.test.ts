import { describe, expect, it } from 'vitest';
import { declare, flash, old, say, thoughtSignature } from './samples.ts';
import { verdict } from './support.ts';

const place = '* GenerateContentRequest.tools[0].function_declarations[0]';

describe('a tool', () => {
  it('is of one kind', async () => {
    const both = { functionDeclarations: [{ name: 'f' }], googleSearch: {} };
    for (const backend of ['gemini', 'vertex'] as const) {
      expect(await verdict(say('Hi', { tools: [both] }), flash, backend)).toBe(
        "Invalid value at 'tools[0]' (oneof), oneof field 'tool_type' is already set. Cannot set " +
          "'googleSearch'",
      );
    }
    expect(
      await verdict(say('Hi', { tools: [{ googleSearch: {} }, { urlContext: {} }] })),
    ).toBeNull();
  });
});

describe('a function', () => {
  const many = (count: number) =>
    declare(...Array.from({ length: count }, (_, index) => ({ name: `f${index}` })));

  it('is one of 128 at most before Gemini 3, and of 512 later', async () => {
    expect(await verdict(many(128), old)).toBeNull();
    expect(await verdict(many(129), old)).toBe('At most 128 function declarations are allowed.');
    expect(await verdict(many(512))).toBeNull();
    expect(await verdict(many(513))).toBe('At most 512 function declarations are allowed.');
  });

  it('tells of its response in one form', async () => {
    const both = { response: { type: 'STRING' }, responseJsonSchema: { type: 'string' } };
    expect(await verdict(declare({ name: 'f', ...both }))).toBe(
      `${place}: response and response_json_schema are both set\n`,
    );
    expect(await verdict(declare({ name: 'f', response: both.response }))).toBeNull();
  });

  it('has a behaviour in live conversations alone', async () => {
    for (const behavior of ['BLOCKING', 'NON_BLOCKING']) {
      expect(await verdict(declare({ name: 'f', behavior }))).toBe(
        `${place}.behavior: only supported by BidiGenerateContent\n`,
      );
    }
    expect(await verdict(declare({ name: 'f', behavior: 'UNSPECIFIED' }))).toBeNull();
  });
});

describe('the result of a function', () => {
  const round = (more: object) => ({
    contents: [
      ...say('Go').contents,
      { role: 'model', parts: [{ functionCall: { name: 'f', args: {} }, thoughtSignature }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: {}, ...more } }] },
    ],
  });

  it.each([
    ['scheduling', { scheduling: 'WHEN_IDLE' }],
    ['will_continue', { willContinue: true }],
  ])('has the field %s in live conversations alone', async (field, more) => {
    expect(await verdict(round(more))).toBe(
      `* GenerateContentRequest.contents[2].parts[0].function_response.${field}: only supported by ` +
        'BidiGenerateContent\n',
    );
  });
});
