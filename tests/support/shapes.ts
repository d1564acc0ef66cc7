// The answers of `POST /v1/chat/completions`, `POST /v1/embeddings` and `GET /v1/models`, as OpenAI's API reference has
// them, with what Rondo documents on top: reasoning_content, images, extra_content, an error's
// details. Nothing else may be in them, so that no client meets a surprise.
import { Ajv, type ValidateFunction } from 'ajv';
import { fileFault } from './fileshapes.ts';
import { mediaFault } from './mediashapes.ts';
import { isResponseObject, responseFault, responseStreamFaults } from './responsesshapes.ts';
import { storedFault } from './storedshapes.ts';

export type Schema = Record<string, unknown>;

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const textOrNull = { type: ['string', 'null'] };

export const exactly = (properties: Schema, optional: Schema = {}): Schema => ({
  type: 'object',
  properties: { ...properties, ...optional },
  required: Object.keys(properties),
  additionalProperties: false,
});
export const list = (items: Schema): Schema => ({ type: 'array', items });
export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });

const signature = exactly({ google: exactly({ thought_signature: text }) });
const named = exactly({ name: text, arguments: text });
const custom = exactly({ name: text, input: text });

const call = (more: Schema): Schema => ({
  anyOf: [
    exactly({ ...more, id: text, type: { const: 'function' }, function: named }, extras),
    exactly({ ...more, id: text, type: { const: 'custom' }, custom }, extras),
  ],
});
const extras = { extra_content: signature };

const score = { token: text, logprob: { type: 'number' }, bytes: orNull(list(count)) };
const logprobs = orNull(
  exactly({
    content: orNull(list(exactly({ ...score, top_logprobs: list(exactly(score)) }))),
    refusal: { type: 'null' },
  }),
);

const citation = exactly({
  type: { const: 'url_citation' },
  url_citation: exactly({ start_index: count, end_index: count, url: text, title: text }),
});
const image = exactly(
  { type: { const: 'image_url' }, index: count, image_url: exactly({ url: text }) },
  extras,
);
const base64 = { type: 'string', pattern: '^[A-Za-z0-9+/]+=*$' };
const audioId = { type: 'string', pattern: '^audio_' };
const shown = {
  reasoning_content: text,
  images: list(image),
  annotations: list(citation),
  function_call: named,
  extra_content: signature,
};

const usage = exactly({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: exactly({ cached_tokens: count, audio_tokens: count }),
  completion_tokens_details: exactly({
    reasoning_tokens: count,
    audio_tokens: count,
    accepted_prediction_tokens: count,
    rejected_prediction_tokens: count,
  }),
});
const finish = { enum: ['stop', 'length', 'tool_calls', 'content_filter', 'function_call'] };

const head = (object: string): Schema => ({
  id: { type: 'string', pattern: '^chatcmpl-' },
  object: { const: object },
  created: count,
  model: text,
});

const completion = exactly(
  {
    ...head('chat.completion'),
    choices: {
      ...list(
        exactly({
          index: count,
          message: exactly(
            { role: { const: 'assistant' }, content: textOrNull, refusal: textOrNull },
            {
              ...shown,
              tool_calls: list(call({})),
              audio: exactly({ id: audioId, data: base64, expires_at: count, transcript: text }),
            },
          ),
          logprobs,
          finish_reason: finish,
        }),
      ),
      minItems: 1,
    },
  },
  // Of one that is stored.
  { usage, metadata: { type: 'object' } },
);

const chunk = exactly(
  {
    ...head('chat.completion.chunk'),
    choices: list(
      exactly({
        index: count,
        delta: exactly(
          {},
          {
            role: { const: 'assistant' },
            content: textOrNull,
            refusal: text,
            ...shown,
            tool_calls: list(call({ index: count })),
            audio: exactly({ id: audioId }, { data: base64, expires_at: count, transcript: text }),
          },
        ),
        logprobs,
        finish_reason: orNull(finish),
      }),
    ),
  },
  { usage: orNull(usage) },
);

/** What stands in the way of one credential, or nothing. */
const some = { type: 'string', minLength: 1 };
const time = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' };
const inTheWay = (state: string, reason: Schema, optional: Schema): Schema =>
  exactly({ credential: some, state: { const: state }, reason }, optional);
const detail = {
  anyOf: [
    inTheWay('ready', { const: '' }, {}),
    inTheWay('cooling', some, { until: time }),
    inTheWay('quarantined', some, { until: time }),
  ],
};

const error = exactly({
  error: exactly(
    { message: text, type: text, param: textOrNull, code: textOrNull },
    { details: { ...list(detail), minItems: 1 } },
  ),
});

const model = exactly({ id: text, object: { const: 'model' }, created: count, owned_by: text });
const models = exactly({ object: { const: 'list' }, data: list(model) });

const vector = { anyOf: [{ ...list({ type: 'number' }), minItems: 1 }, some] };
const embeddings = exactly({
  object: { const: 'list' },
  data: {
    ...list(exactly({ object: { const: 'embedding' }, index: count, embedding: vector })),
    minItems: 1,
  },
  model: text,
  usage: exactly({ prompt_tokens: count, total_tokens: count }),
});

const ajv = new Ajv({ allowUnionTypes: true });
const shapes = {
  completion: ajv.compile(completion),
  chunk: ajv.compile(chunk),
  error: ajv.compile(error),
  model: ajv.compile(model),
  models: ajv.compile(models),
  embeddings: ajv.compile(embeddings),
} satisfies Record<string, ValidateFunction>;

type Shape = keyof typeof shapes;

function shapeOf(body: Record<string, unknown>): Shape {
  if ('error' in body) return 'error';
  if (body.object === 'chat.completion.chunk') return 'chunk';
  if (body.object === 'list') return 'usage' in body ? 'embeddings' : 'models';
  return body.object === 'model' ? 'model' : 'completion';
}

/** What is wrong with an answer's JSON or with one event of a stream; nothing when all is well. */
export function faultOf(json: string): string | undefined {
  const body = JSON.parse(json) as Record<string, unknown>;
  const media = mediaFault(body);
  if (media !== null) return media;
  const file = fileFault(body);
  if (file !== null) return file;
  const stored = storedFault(body);
  if (stored !== null) return stored;
  if (isResponseObject(body.object)) return responseFault(body);
  const shape = shapeOf(body);
  const isValid = shapes[shape];
  if (isValid(body)) return undefined;
  return `not the shape of OpenAI's ${shape}: ${ajv.errorsText(isValid.errors)} in ${json}`;
}

/** The faults of a whole body, be it JSON or a stream of events. */
export function faultsOf(body: string, contentType: string): string[] {
  // Sound, and transcripts that are no JSON.
  if (/^(audio\/|text\/(plain|vtt))/.test(contentType)) return [];
  if (!contentType.startsWith('text/event-stream')) return [faultOf(body)].filter(isText);
  if (/^event: response\./m.test(body)) return responseStreamFaults(body);
  return body
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .map((event) => faultOf(event.slice('data: '.length)))
    .filter(isText);
}

function isText(fault: string | undefined): fault is string {
  return fault !== undefined;
}
