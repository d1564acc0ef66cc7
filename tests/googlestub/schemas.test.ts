import { describe, expect, it } from 'vitest';
import { declare, flash, say } from './samples.ts';
import { errorOf, refusedBy, verdict } from './support.ts';

function tool(parametersJsonSchema: unknown) {
  return declare({ name: 'act', parametersJsonSchema });
}

function answer(responseJsonSchema: unknown) {
  return say('Hi', {
    generationConfig: { responseMimeType: 'application/json', responseJsonSchema },
  });
}

const text = { type: 'string' };

function object(properties: object, rest: object = {}) {
  return { type: 'object', properties, ...rest };
}

function nested(depth: number): object {
  return depth === 0 ? text : { type: 'array', items: nested(depth - 1) };
}

const notAnObject =
  'Unable to submit request because `act` functionDeclaration `parameters` schema should be of ' +
  'type OBJECT.';

function besides(reference: string): string {
  return (
    `\`$ref\` '${reference}' was set alongside unsupported fields. If a schema node has \`$ref\` ` +
    'set, then only `description` and `default` can be set alongside it.'
  );
}

function looped(place: string): string {
  return (
    'ref loops are only supported if they include optional or nullable property values, or a ' +
    'potentially-zero-length array items, but a ref loop of required fields was found at ' +
    place
  );
}

/** A tool with one property, which is defined so. */
function defining(node: object) {
  return tool(object({ node: { $ref: '#/$defs/Node' } }, { $defs: { Node: node } }));
}

const node = { $ref: '#/$defs/Node' };

describe('a JSON Schema', () => {
  it.each<[fault: string, body: object, message: string]>([
    [
      'a required name without a property',
      tool(object({ bar: text }, { required: ['bar', 'message'] })),
      "schema at top-level requires unspecified property 'message'",
    ],
    [
      'the same further in',
      tool(object({ a: { type: 'array', items: { required: ['x'] } } })),
      "schema at properties.a.items requires unspecified property 'x'",
    ],
    [
      'alternatives of required names alone',
      tool(object({ a: text }, { anyOf: [{ required: ['a'] }] })),
      "schema at anyOf.0 requires unspecified property 'a'",
    ],
    [
      'a reference to nothing',
      tool(object({ t: { $ref: '#/$defs/T' } })),
      'reference to undefined schema at properties.t',
    ],
    [
      'a reference to another place than $defs',
      tool(object({ t: { $ref: '#/definitions/T' } }, { definitions: { T: text } })),
      'reference to undefined schema at properties.t',
    ],
    [
      'a reference to another property',
      tool(object({ a: text, b: { $ref: '#/properties/a' } })),
      'reference to undefined schema at properties.b',
    ],
    [
      'a reference to another document',
      tool(object({ t: { $ref: 'https://example.com/t.json' } })),
      'reference to undefined schema at properties.t',
    ],
    [
      'a keyword beside a reference',
      tool(object({ m: { $ref: '#/$defs/M', nullable: true } }, { $defs: { M: text } })),
      besides('#/$defs/M'),
    ],
    ['properties that are a list', tool(object([])), 'value for properties at top-level must be'],
    [
      'the same further in',
      tool(object({ f: { type: 'object', properties: [] } })),
      'value for properties at properties.f must be an object',
    ],
    ['text for a schema', tool(object({ a: 'text' })), 'schema at properties.a must be an object'],
    ['true for a schema', tool(object({ a: true })), 'schema at properties.a must be an object'],
    [
      'required that is no list of names',
      tool(object({ a: text }, { required: ['a', 1] })),
      'value for required at top-level must be',
    ],
    ['an empty anyOf', tool(object({ a: { anyOf: [] } })), 'value for anyOf at properties.a must'],
    ['an unknown type', tool(object({ a: { type: 'text' } })), 'value for type at properties.a'],
    [
      "Google's own type names",
      tool(object({ a: { type: 'STRING' } })),
      'value for type at properties.a',
    ],
    [
      'an enum of other things than text and numbers',
      tool(object({ a: { enum: ['x', null] } })),
      'value for enum at properties.a',
    ],
    [
      'a list of item schemas',
      tool(object({ a: { type: 'array', items: [text] } })),
      'value for items at properties.a must be an object',
    ],
    [
      'too many levels, of a tool',
      tool(object({ a: nested(32) })),
      "FunctionDeclaration 'act' in the request exceeds the maximum allowed nesting depth.",
    ],
    [
      'too many levels, of an answer',
      answer(nested(33)),
      'A schema in GenerationConfig in the request exceeds the maximum allowed nesting depth.',
    ],
    ['no object at its root', tool(text), notAnObject],
    ['no type at its root', tool({ properties: { a: text } }), notAnObject],
    ['alternatives at its root', tool({ oneOf: [object({ path: text })] }), notAnObject],
    ['two types at its root', tool({ type: ['object', 'null'] }), notAnObject],
    ['a reference at its root', tool({ $ref: '#/$defs/A', $defs: { A: object({}) } }), notAnObject],
    [
      'an unknown property in an answer',
      answer(object({}, { required: ['a'] })),
      "schema at top-level requires unspecified property 'a'",
    ],
  ])('is refused with %s', async (_fault, body, message) => {
    expect(await verdict(body)).toContain(message);
    expect(await verdict(body, flash, 'vertex')).toContain(message);
  });

  it.each<[loop: string, schema: object, place: string]>([
    ['required properties', object({ next: node }, { required: ['next'] }), 'properties.next'],
    [
      'a list that is never empty',
      object({ list: { type: 'array', items: node, minItems: 1 } }, { required: ['list'] }),
      'properties.list.items',
    ],
    [
      'an alternative',
      object({ left: { anyOf: [text, node] } }, { required: ['left'] }),
      'properties.left.anyOf.1',
    ],
  ])('is refused with a loop of %s', async (_loop, schema, place) => {
    expect(await verdict(defining(schema))).toBe(looped(`$defs.Node.${place}`));
  });

  it('is refused with a loop from its root', async () => {
    const schema = object({ self: { $ref: '#' } }, { required: ['self'] });
    expect(await verdict(tool(schema))).toBe(looped('properties.self'));
  });

  it('is refused with a loop over several definitions', async () => {
    const of = (name: string) => object({ x: { $ref: `#/$defs/${name}` } }, { required: ['x'] });
    const $defs = { A: of('B'), B: of('C'), C: of('A') };
    expect(await verdict(tool(object({ a: text }, { $defs })))).toBe(
      looped('$defs.C.properties.x'),
    );
  });

  it.each<[what: string, body: object]>([
    ['a loop of an optional property', defining(object({ next: node }))],
    [
      'a loop of a nullable property',
      defining(
        object(
          { next: { anyOf: [node, { type: 'null' }] }, other: { nullable: true, anyOf: [node] } },
          { required: ['next', 'other'] },
        ),
      ),
    ],
    [
      'a loop of a list that may be empty',
      defining(object({ list: { type: 'array', items: node } }, { required: ['list'] })),
    ],
    [
      'a definition used twice',
      tool(
        object(
          { a: { $ref: '#/$defs/T' }, b: { $ref: '#/$defs/T' } },
          { required: ['a', 'b'], $defs: { T: text } },
        ),
      ),
    ],
    [
      'description and default beside a reference',
      tool(
        object(
          { a: { $ref: '#/$defs/T', description: 'x', default: 'y' } },
          { $defs: { T: text } },
        ),
      ),
    ],
    [
      'names with ~ and / and an anchor',
      tool(
        object(
          { a: { $ref: '#/$defs/a~1b~0c' }, b: { $ref: '#here' } },
          { $defs: { 'a/b~c': text, T: { ...text, $anchor: 'here' } } },
        ),
      ),
    ],
    ['a depth that is just allowed', tool(object({ a: nested(31) }))],
    ['no properties', tool(object({}))],
    [
      'keywords that are not enforced',
      tool(object({ a: { const: 1, not: {}, pattern: 'x' } }, { additionalProperties: false })),
    ],
    ['types in a list', tool(object({ a: { type: ['string', 'null'], enum: ['a', 1] } }))],
    [
      'a reference at the root of an answer',
      answer({ $ref: '#/$defs/A', $defs: { A: object({}) } }),
    ],
  ])('is taken with %s', async (_what, body) => {
    expect(await verdict(body)).toBeNull();
  });

  it('is refused without details, and without naming its field', async () => {
    const refused = await refusedBy(tool(object({}, { required: ['a'] })));
    expect(errorOf(refused)).toEqual({
      code: 400,
      message: "schema at top-level requires unspecified property 'a'",
      status: 'INVALID_ARGUMENT',
    });
  });
});

describe("a schema in Google's own form", () => {
  const own = (parameters: object) => declare({ name: 'act', parameters });
  const holding = (a: object, rest: object = {}) =>
    own({ type: 'OBJECT', properties: { a }, ...rest });

  it.each<[fault: string, body: object, gemini: string, vertex: string]>([
    [
      'no properties',
      own({ type: 'OBJECT' }),
      '.properties: should be non-empty for OBJECT type',
      '`parameters` schema',
    ],
    [
      'no inner properties',
      holding({ type: 'OBJECT', properties: {} }),
      '.properties[a].properties: should be non-empty for OBJECT type',
      '`parameters.a` schema',
    ],
    [
      'no type',
      holding({ description: 'x' }),
      '.properties[a]: type must be specified',
      "`parameters.a` schema didn't specify the schema type field.",
    ],
    [
      'no items',
      holding({ type: 'ARRAY' }),
      '.properties[a].items: missing field.',
      '`parameters.a` schema',
    ],
    [
      'an enum of another type',
      holding({ type: 'INTEGER', enum: ['1'] }),
      '.properties[a].enum: only allowed for STRING type',
      '`parameters.a` schema',
    ],
    [
      'an empty enum value',
      holding({ type: 'STRING', enum: ['a', ''] }),
      '.properties[a].enum[1]: cannot be empty',
      '`parameters.a` schema',
    ],
    [
      'another format',
      holding({ type: 'STRING', format: 'uri' }),
      ".format: only 'enum' and 'date-time' are supported for STRING type",
      '`parameters.a` schema',
    ],
    [
      'an unknown property',
      holding({ type: 'STRING' }, { required: ['a', 'b'] }),
      '.parameters.required[1]: property is not defined',
      '`parameters` schema',
    ],
    [
      'names that are required of a text',
      holding({ type: 'STRING', required: ['b'] }),
      '.properties[a].required: only allowed for OBJECT type',
      '`parameters.a` schema specified required',
    ],
    [
      'anyOf with company',
      holding({ type: 'STRING', anyOf: [{ type: 'STRING' }] }),
      'it must be the only field set',
      '`parameters.a` schema specified other fields alongside any_of. When using any_of, it must ' +
        'be the only field set.',
    ],
    [
      'properties of no object',
      holding({ type: 'STRING', properties: { b: { type: 'STRING' } } }),
      '.properties[a].properties: only allowed for OBJECT type',
      'specified incorrect schema type field.',
    ],
  ])('is refused with %s', async (_fault, body, gemini, vertex) => {
    const place = '* GenerateContentRequest.tools[0].function_declarations[0].parameters';
    const message = await verdict(body);
    expect(message).toContain(place);
    expect(message).toContain(gemini);
    const subject = 'Unable to submit request because `act` functionDeclaration `parameters';
    const said = await verdict(body, flash, 'vertex');
    expect(said).toContain(subject);
    expect(said).toContain(vertex);
  });

  it('is told all its faults by the Gemini API, one a line', async () => {
    const message = await verdict(
      own({ type: 'OBJECT', properties: { a: {}, b: { type: 'ARRAY' } } }),
    );
    expect(message?.split('\n')).toEqual([
      expect.stringContaining('properties[a]: type must be specified'),
      expect.stringContaining('properties[b].items: missing field.'),
      '',
    ]);
  });

  it('must be of an object when it is of parameters', async () => {
    for (const backend of ['gemini', 'vertex'] as const) {
      expect(await verdict(own({ type: 'STRING' }), flash, backend)).toBe(notAnObject);
      const untyped = own({ properties: { a: { type: 'STRING' } } });
      expect(await verdict(untyped, flash, backend)).toBe(notAnObject);
    }
  });

  it.each(['$ref', 'additionalProperties', 'oneOf', 'const', '$schema', 'exclusiveMinimum'])(
    'knows no %s, and names the place in details',
    async (keyword) => {
      const description =
        `Invalid JSON payload received. Unknown name "${keyword}" at ` +
        "'tools[0].function_declarations[0].parameters': Cannot find field.";
      const refused = await refusedBy(holding({ type: 'STRING' }, { [keyword]: 1 }));
      expect(errorOf(refused)).toMatchObject({
        message: description,
        details: [
          {
            fieldViolations: [
              { field: 'tools[0].function_declarations[0].parameters', description },
            ],
          },
        ],
      });
    },
  );

  it.each([1, null, true])('knows no enum value %j', async (value) => {
    const message = await verdict(holding({ type: 'STRING', enum: [value] }));
    expect(message).toContain(
      "Invalid value at 'tools[0].function_declarations[0].parameters.properties[0].value." +
        `enum[0]' (TYPE_STRING), ${value}`,
    );
  });

  it('may not be too deep', async () => {
    const deep = (levels: number): object =>
      levels === 0 ? { type: 'STRING' } : { type: 'ARRAY', items: deep(levels - 1) };
    expect(await verdict(holding(deep(40)))).toBe(
      "FunctionDeclaration 'act' in the request exceeds the maximum allowed nesting depth.",
    );
    const config = { responseMimeType: 'application/json', responseSchema: deep(40) };
    expect(await verdict(say('Hi', { generationConfig: config }))).toBe(
      'A schema in GenerationConfig in the request exceeds the maximum allowed nesting depth.',
    );
    expect(await verdict(holding(deep(31)))).toBeNull();
  });

  it('of an answer is told of without a place by Vertex', async () => {
    const config = { responseMimeType: 'application/json', responseSchema: { type: 'ARRAY' } };
    const body = say('Hi', { generationConfig: config });
    expect(await verdict(body, flash, 'vertex')).toMatch(/one or more response schemas didn't/);
    expect(await verdict(body)).toBe(
      '* GenerateContentRequest.generation_config.response_schema.items: missing field.\n',
    );
  });
});
