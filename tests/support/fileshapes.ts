// The answers of OpenAI's paths of files, as its SDK has them (openai/resources/files.d.ts).
import { Ajv } from 'ajv';

type Schema = Record<string, unknown>;

const exactly = (properties: Schema, optional: Schema = {}): Schema => ({
  type: 'object',
  properties: { ...properties, ...optional },
  required: Object.keys(properties),
  additionalProperties: false,
});
const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const id = { type: 'string', pattern: '^file-[A-Za-z0-9_-]+$' };
const idOrNull = { anyOf: [id, { type: 'null' }] };

const file = exactly(
  {
    id,
    object: { const: 'file' },
    bytes: count,
    created_at: { type: 'integer', minimum: 1 },
    filename: text,
    purpose: { enum: ['assistants', 'vision', 'user_data'] },
    status: { enum: ['uploaded', 'processed', 'error'] },
  },
  { expires_at: count, status_details: text },
);

const files = exactly({
  object: { const: 'list' },
  data: { type: 'array', items: file },
  first_id: idOrNull,
  last_id: idOrNull,
  has_more: { type: 'boolean' },
});

const ajv = new Ajv();
const isFile = ajv.compile(file);
const isDeleted = ajv.compile(exactly({ id, object: { const: 'file' }, deleted: { const: true } }));
const isList = ajv.compile(files);

const shapeOf = ({ object, deleted, first_id }: Schema) => {
  if (object === 'file') return deleted === undefined ? isFile : isDeleted;
  const isOfFiles = typeof first_id === 'string' && first_id.startsWith('file-');
  return object === 'list' && isOfFiles ? isList : undefined;
};

/** What is wrong with such a body; undefined: nothing; null: it is none of these. */
export function fileFault(body: Schema): string | undefined | null {
  const isValid = shapeOf(body);
  if (!isValid) return null;
  if (isValid(body)) return undefined;
  return `not OpenAI's shape of files: ${ajv.errorsText(isValid.errors)} in ${JSON.stringify(body)}`;
}
