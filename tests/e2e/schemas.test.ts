// Schemas, rule by rule: of tools and of answers, for models that take JSON Schema and for others.
// The stub refuses whatever is outside of what Google documents.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { defaultModels } from '../../scripts/googlestub/models.ts';
import { configOf, declarationsOf, partsOf } from '../support/asked.ts';
import { ask, callsOf, model, otherModel, told } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

/** Takes Google's own subset of schemas alone. */
const oldModel = 'gemini-1.5-flash';
/** Is thought to take JSON Schema, and refuses it. */
const stubbornModel = 'gemini-2.0-flash';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  const more = [oldModel, stubbornModel].map((id) => ({ id, task: 'generate' as const }));
  google = await startGoogle({ models: [...defaultModels, ...more] });
  google.addServiceAccount();
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

const tool = (parameters?: unknown) => ({
  type: 'function',
  function: { name: 'f', description: 'A const of type object.', parameters },
});
const withTool = (of: string, parameters?: unknown) =>
  ask('Hello', { model: of, tools: [tool(parameters)] });
const withFormat = (of: string, schema: unknown) =>
  ask('Hello', {
    model: of,
    response_format: { type: 'json_schema', json_schema: { name: 'a', strict: true, schema } },
  });

/** What Google got for the schema of a parameter `p`. */
async function cleaned(schema: object, more: object = {}): Promise<JsonObject> {
  const parameters = { type: 'object', properties: { p: schema }, ...more };
  await told(rondo.chat(withTool(oldModel, parameters)));
  const sent = declarationsOf(google)[0]?.parameters as { properties: { p: JsonObject } };
  return sent.properties.p;
}

const tree = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1 },
    kind: { const: 'tree' },
    size: { type: ['integer', 'null'], exclusiveMinimum: 0 },
    left: { $ref: '#/$defs/node' },
  },
  required: ['name'],
  additionalProperties: false,
  $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
};
const { $schema: _dialect, ...treeItself } = tree;

describe('a schema, where the model takes JSON Schema,', () => {
  test.for([model, otherModel, 'gemini-4-neon'])('of a tool goes to %s as it is', async (of) => {
    await told(rondo.chat(withTool(of, tree)));
    const [declaration] = declarationsOf(google);
    expect(declaration?.parametersJsonSchema).toEqual(treeItself);
    expect(declaration).not.toHaveProperty('parameters');
  });

  test.for([model, otherModel, 'gemini-4-neon'])('of an answer goes to %s as it is', async (of) => {
    await told(rondo.chat(withFormat(of, tree)));
    expect(configOf(google).responseJsonSchema).toEqual(treeItself);
    expect(configOf(google)).not.toHaveProperty('responseSchema');
  });
});

describe('a schema, where the model takes less,', () => {
  const node = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
  const cleanNode = { type: 'OBJECT', properties: { a: { type: 'STRING' } }, required: ['a'] };

  const rules: [string, object, object, object?][] = [
    ['has its references put in place', { $ref: '#/$defs/n' }, cleanNode, { $defs: { n: node } }],
    [
      'has them put in place from definitions',
      { $ref: '#/definitions/n' },
      cleanNode,
      {
        definitions: { n: node },
      },
    ],
    ['has const as an enum of one', { const: 'a' }, { type: 'STRING', enum: ['a'] }],
    [
      'has allOf merged',
      { allOf: [node, { properties: { b: { type: 'boolean' } }, required: ['b'] }] },
      {
        type: 'OBJECT',
        properties: { a: { type: 'STRING' }, b: { type: 'BOOLEAN' } },
        required: ['a', 'b'],
      },
    ],
    [
      'has anyOf with null as nullable',
      { anyOf: [node, { type: 'null' }] },
      { ...cleanNode, nullable: true },
    ],
    [
      'has oneOf with null as nullable',
      { oneOf: [{ type: 'null' }, { type: 'integer' }] },
      { type: 'INTEGER', nullable: true },
    ],
    [
      'has a list of types with null as nullable',
      { type: ['string', 'null'] },
      { type: 'STRING', nullable: true },
    ],
    [
      'has oneOf as anyOf',
      { oneOf: [{ type: 'string' }, { type: 'integer' }] },
      { anyOf: [{ type: 'STRING' }, { type: 'INTEGER' }] },
    ],
    [
      'has unknown keywords dropped',
      { type: 'string', 'x-order': 1, $comment: 'c', examples: ['a'], deprecated: true },
      { type: 'STRING' },
    ],
    [
      'keeps what Google knows',
      { type: 'array', items: { type: 'number', minimum: 0 }, minItems: 1, description: 'All.' },
      {
        type: 'ARRAY',
        items: { type: 'NUMBER', minimum: 0 },
        minItems: expect.anything(),
        description: 'All.',
      },
    ],
  ];

  test.for(rules)('%s', async ([, schema, expected, more]) => {
    expect(await cleaned(schema, more)).toEqual(expected);
  });

  test.for([
    ['a format that Google does not know', { type: 'string', format: 'uri' }, 'uri'],
    ['a limit that Google does not know', { type: 'number', multipleOf: 5 }, 'multipleOf: 5'],
    ['an enum of numbers', { type: 'integer', enum: [1, 2] }, '1, 2'],
    [
      'that no others are allowed',
      { ...node, additionalProperties: false },
      'additionalProperties',
    ],
  ] as const)('is told in its description %s', async ([, schema, word]) => {
    expect((await cleaned(schema)).description).toContain(word);
  });

  test('has cycles cut', async () => {
    const next = { type: 'object', properties: { next: { $ref: '#/$defs/n' } } };
    const sent = await cleaned({ $ref: '#/$defs/n' }, { $defs: { n: next } });
    expect(sent).toMatchObject({ type: 'OBJECT', properties: { next: { type: 'OBJECT' } } });
    expect(JSON.stringify(sent)).not.toContain('$ref');
  });

  test('keeps properties whose names are keywords', async () => {
    const names = ['const', 'format', 'title', 'properties', '$ref', 'anyOf', 'type', 'required'];
    const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
    const sent = await cleaned({ type: 'object', properties, required: names });
    expect(Object.keys(sent.properties as JsonObject).sort()).toEqual([...names].sort());
    expect(sent.required).toEqual(names);
  });

  test('keeps definitions whose names are keywords', async () => {
    const $defs = { const: { type: 'string' }, properties: { type: 'integer' } };
    const of = { type: 'object', properties: { a: { $ref: '#/$defs/const' } } };
    const sent = await cleaned({ allOf: [of, { $ref: '#/$defs/properties' }] }, { $defs });
    expect(sent).toMatchObject({ properties: { a: { type: 'STRING' } } });
  });

  test('of an answer is cleaned by the same rules', async () => {
    await told(rondo.chat(withFormat(oldModel, tree)));
    expect(configOf(google).responseSchema).toMatchObject({
      type: 'OBJECT',
      properties: {
        name: { type: 'STRING' },
        kind: { type: 'STRING', enum: ['tree'] },
        size: { type: 'INTEGER', nullable: true },
        left: { type: 'OBJECT' },
      },
      required: ['name'],
    });
    expect(configOf(google)).not.toHaveProperty('responseJsonSchema');
  });

  test('is cleaned when the model refused it as it is, for that request alone', async () => {
    const answer = await rondo.chat(withTool(stubbornModel, tree));
    expect(answer.headers.get('x-rondo-adjusted')).toContain('schema');
    await told(answer);
    expect(declarationsOf(google)[0]).toHaveProperty('parameters.type', 'OBJECT');
    expect(callsOf(google)).toHaveLength(2);
    await told(rondo.chat(withFormat(stubbornModel, tree)));
    expect(callsOf(google)).toHaveLength(4);
    expect(configOf(google)).toHaveProperty('responseSchema');
  });
});

describe('a tool without parameters', () => {
  const nothing: [string, unknown][] = [
    ['none', undefined],
    ['null', null],
    ['an empty schema', {}],
    ['an object without properties', { type: 'object', properties: {} }],
    ['an object that allows no others', { type: 'object', additionalProperties: false }],
  ];
  for (const of of [model, oldModel]) {
    test.for(nothing)(`by %s leaves the field out for ${of}`, async ([, parameters]) => {
      await told(rondo.chat(withTool(of, parameters)));
      expect(declarationsOf(google)).toEqual([
        { name: 'f', description: 'A const of type object.' },
      ]);
    });
  }
});

test('cleaning touches nothing but schemas', async () => {
  const args = { const: 1, $ref: '#/x', type: ['a', 'null'], anyOf: [{ format: 'uri' }] };
  const messages = [
    { role: 'user', content: 'Hello' },
    {
      role: 'assistant',
      tool_calls: [
        { id: 'a', type: 'function', function: { name: 'f', arguments: JSON.stringify(args) } },
      ],
    },
    { role: 'tool', tool_call_id: 'a', content: JSON.stringify(args) },
  ];
  await told(rondo.chat({ ...withTool(oldModel, tree), messages }));
  expect(partsOf(google, 1)).toMatchObject([{ functionCall: { args } }]);
  // With a key `$ref`, which Google would follow, a result is a text.
  const response = { output: JSON.stringify(args) };
  expect(partsOf(google, 2)).toMatchObject([{ functionResponse: { response } }]);
  expect(declarationsOf(google)[0]?.description).toBe('A const of type object.');
});

describe('what zod makes of a type', () => {
  const person = z.object({
    name: z.string().min(1).describe('The whole name.'),
    email: z.email().optional(),
    born: z.iso.date().nullable(),
    role: z.enum(['admin', 'user']),
    tags: z.array(z.string()).max(5),
    scores: z.record(z.string(), z.number()),
    pair: z.tuple([z.string(), z.number()]),
    either: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a'), a: z.int() }),
      z.object({ kind: z.literal('b'), b: z.boolean() }),
    ]),
    get friends() {
      return z.array(person).optional();
    },
  });

  for (const of of [model, otherModel, 'gemini-4-argon', oldModel, stubbornModel]) {
    test(`is taken by ${of}, of a tool and of an answer`, async () => {
      const schema = z.toJSONSchema(person);
      await told(rondo.chat(withTool(of, schema)));
      await told(rondo.chat(withFormat(of, schema)));
    });
  }
});
