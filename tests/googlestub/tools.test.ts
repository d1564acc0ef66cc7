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

describe('how functions are called', () => {
  const calling = (functionCallingConfig: object, body: object = declare({ name: 'f' })) => ({
    ...body,
    toolConfig: { functionCallingConfig },
  });

  it.each([{}, { mode: 'AUTO' }, { mode: 'NONE' }, { mode: 'ANY' }, { mode: 'VALIDATED' }])(
    'is told beside functions alone: %j',
    async (config) => {
      const search = say('Hi', { tools: [{ googleSearch: {} }] });
      for (const backend of ['gemini', 'vertex'] as const) {
        expect(await verdict(calling(config, search), flash, backend)).toBe(
          'Function calling config is set without function_declarations.',
        );
      }
      expect(await verdict(calling(config))).toBeNull();
    },
  );

  it.each(['AUTO', 'NONE'])('has no names in mode %s', async (mode) => {
    expect(await verdict(calling({ mode, allowedFunctionNames: ['f'] }))).toBe(
      'Please set allowed_function_names only when function calling mode is ANY.',
    );
  });

  it.each(['ANY', 'VALIDATED'])('has names that are declared in mode %s', async (mode) => {
    expect(await verdict(calling({ mode, allowedFunctionNames: ['f'] }))).toBeNull();
    expect(await verdict(calling({ mode, allowedFunctionNames: ['f', 'g'] }))).toBe(
      'allowed_function_names should be a subset of the provided function_declarations.',
    );
  });
});
