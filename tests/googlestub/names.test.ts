import { describe, expect, it } from 'vitest';
import { declare, old, say, thoughtSignature } from './samples.ts';
import { verdict } from './support.ts';

const functionWords = (longest: number): string =>
  'Invalid function name. Must start with a letter or an underscore. Must be alphameric (a-z, ' +
  'A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of ' +
  `${longest}.\n`;
const place = '* GenerateContentRequest.tools[0].function_declarations';

describe('the name of a function', () => {
  it.each(['get time', '1st', '-i', 'größe', 'a/b', '', 'a'.repeat(129)])(
    'is not %j',
    async (name) => {
      expect(await verdict(declare({ name }))).toBe(`${place}[0].name: ${functionWords(128)}`);
    },
  );

  it('is never left out', async () => {
    expect(await verdict(declare({ description: 'x' }))).toContain(functionWords(128));
  });

  it.each(['_', 'ns.get:time-2_x', 'a'.repeat(128)])('may be %s', async (name) => {
    expect(await verdict(declare({ name }))).toBeNull();
  });

  it('is shorter before Gemini 3', async () => {
    const body = declare({ name: 'a'.repeat(65) });
    expect(await verdict(body, old)).toBe(`${place}[0].name: ${functionWords(64)}`);
    expect(await verdict(declare({ name: 'a'.repeat(64) }), old)).toBeNull();
  });

  it('is told of each that has a wrong one', async () => {
    expect(await verdict(declare({ name: 'a b' }, { name: 'f' }, { name: '2' }))).toBe(
      `${place}[0].name: ${functionWords(128)}${place}[2].name: ${functionWords(128)}`,
    );
  });

  it("is refused in Vertex AI's own words there", async () => {
    const words =
      '[FIELD_INVALID] Invalid function name. Must start with a letter or an underscore. Must be ' +
      'a-z, A-Z, 0-9, or contain underscores (_), dots (.), colons (:), or dashes (-), with a ' +
      'maximum length of 64.';
    expect(await verdict(declare({ name: 'a b' }, { name: '2' }), old, 'vertex')).toBe(
      'The GenerateContentRequest proto is invalid:\n' +
        `  * tools[0].function_declarations[0].name: ${words}\n` +
        `  * tools[0].function_declarations[1].name: ${words}`,
    );
  });
});

describe('the name of a parameter', () => {
  it.each(['-i', '$filter', 'a-b', 'größe', 'a'.repeat(65)])('may be %j', async (name) => {
    const parameters = { type: 'OBJECT', properties: { [name]: { type: 'STRING' } } };
    expect(await verdict(declare({ name: 'f', parameters }))).toBeNull();
    const parametersJsonSchema = { type: 'object', properties: { [name]: {} } };
    expect(await verdict(declare({ name: 'f', parametersJsonSchema }))).toBeNull();
  });
});

describe('a name in a conversation', () => {
  const round = (name: string) => ({
    contents: [
      ...say('Go').contents,
      { role: 'model', parts: [{ functionCall: { name, args: {} }, thoughtSignature }] },
      { role: 'user', parts: [{ functionResponse: { name, response: {} } }] },
    ],
  });

  it('of a call or a result has the form of a declared one', async () => {
    expect(await verdict(round('get time'))).toBe(
      `* GenerateContentRequest.contents[1].parts[0].function_call.name: ${functionWords(128)}` +
        `* GenerateContentRequest.contents[2].parts[0].function_response.name: ${functionWords(128)}`,
    );
    expect(await verdict(round('get.time'))).toBeNull();
  });
});
