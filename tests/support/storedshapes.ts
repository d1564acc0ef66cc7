// The answers that tell of what is stored, as the types of the openai package have them.
import { Ajv } from 'ajv';

type Schema = Record<string, unknown>;

const some = { type: 'string', minLength: 1 };
const textOrNull = { type: ['string', 'null'] };
const count = { type: 'integer', minimum: 0 };
const metadata = { type: 'object', additionalProperties: { type: 'string' } };

const exactly = (properties: Schema): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const deleted = (object: string): Schema =>
  exactly({ id: some, object: { const: object }, deleted: { const: true } });

const withStatus = [
  ...['message', 'function_call', 'function_call_output'],
  ...['custom_tool_call', 'custom_tool_call_output'],
];

/**
 * An item, or a message of a chat: what is in them depends on who made them. Those that clients may send
 * without a status have one here (resources/responses/responses.d.ts).
 */
const listed = {
  type: 'object',
  properties: { id: some },
  required: ['id'],
  if: { properties: { type: { enum: withStatus } }, required: ['type'] },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word.
  then: { required: ['status'] },
  anyOf: [
    { required: ['type'] },
    { required: ['role', 'content_parts'] },
    { required: ['object'] },
  ],
};

const schemas: readonly [fits: (body: Schema) => boolean, schema: Schema][] = [
  [
    ({ deleted: isDeleted, object }) => isDeleted === true && object === 'response',
    deleted('response'),
  ],
  [({ object }) => object === 'conversation.deleted', deleted('conversation.deleted')],
  [({ object }) => object === 'chat.completion.deleted', deleted('chat.completion.deleted')],
  [
    ({ object }) => object === 'conversation',
    exactly({
      id: { type: 'string', pattern: '^conv_.' },
      object: { const: 'conversation' },
      created_at: count,
      metadata,
    }),
  ],
  [
    ({ object, first_id }) => object === 'list' && first_id !== undefined,
    exactly({
      object: { const: 'list' },
      data: { type: 'array', items: listed },
      first_id: textOrNull,
      last_id: textOrNull,
      has_more: { type: 'boolean' },
    }),
  ],
  [({ object, type }) => object === undefined && type !== undefined, listed],
];

const ajv = new Ajv({ allowUnionTypes: true });
const known = schemas.map(([fits, schema]) => [fits, ajv.compile(schema)] as const);

/** What is wrong with such a body; nothing when all is well, `null` when it is none of these. */
export function storedFault(body: Record<string, unknown>): string | undefined | null {
  const isValid = known.find(([fits]) => fits(body))?.[1];
  if (!isValid) return null;
  if (isValid(body)) return undefined;
  return `not the shape of what is stored: ${ajv.errorsText(isValid.errors)} in ${JSON.stringify(body)}`;
}
