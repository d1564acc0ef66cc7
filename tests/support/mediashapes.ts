// The answers of OpenAI's paths of media, as its API reference has them: images, transcripts, and the
// events of speech and transcripts.
import { Ajv, type ValidateFunction } from 'ajv';

type Schema = Record<string, unknown>;

const exactly = (properties: Schema, optional: Schema = {}): Schema => ({
  type: 'object',
  properties: { ...properties, ...optional },
  required: Object.keys(properties),
  additionalProperties: false,
});
const list = (items: Schema): Schema => ({ type: 'array', items });

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const seconds = { type: 'number', minimum: 0 };
const base64 = { type: 'string', pattern: '^[A-Za-z0-9+/]+={0,2}$' };

const imageUsage = exactly({
  input_tokens: count,
  input_tokens_details: exactly({ image_tokens: count, text_tokens: count }),
  output_tokens: count,
  total_tokens: count,
});
const images = exactly(
  { created: count, data: { ...list(exactly({ b64_json: base64 })), minItems: 1 } },
  { output_format: { enum: ['png', 'jpeg', 'webp'] }, usage: imageUsage },
);

const usage = exactly({
  type: { const: 'tokens' },
  input_tokens: count,
  input_token_details: exactly({ text_tokens: count, audio_tokens: count }),
  output_tokens: count,
  total_tokens: count,
});
const transcript = exactly({ text }, { usage });
const segment = exactly({
  id: count,
  seek: count,
  start: seconds,
  end: seconds,
  text,
  tokens: list(count),
  temperature: { type: 'number' },
  avg_logprob: { type: 'number' },
  compression_ratio: { type: 'number' },
  no_speech_prob: { type: 'number' },
});
const verbose = exactly(
  { task: { enum: ['transcribe', 'translate'] }, language: text, duration: seconds, text },
  {
    words: list(exactly({ word: text, start: seconds, end: seconds })),
    segments: list(segment),
    usage: exactly({ type: { const: 'duration' }, seconds }),
  },
);
const diarized = exactly(
  {
    task: { const: 'transcribe' },
    duration: seconds,
    text,
    segments: list(
      exactly({
        type: { const: 'transcript.text.segment' },
        id: text,
        start: seconds,
        end: seconds,
        speaker: text,
        text,
      }),
    ),
  },
  { usage },
);

const delta = exactly({ type: { const: 'transcript.text.delta' }, delta: text });
const done = exactly({ type: { const: 'transcript.text.done' }, text }, { usage });
const spoken = exactly({ type: { const: 'speech.audio.delta' }, audio: base64 });
const said = exactly({
  type: { const: 'speech.audio.done' },
  usage: exactly({ input_tokens: count, output_tokens: count, total_tokens: count }),
});

const ajv = new Ajv({ allowUnionTypes: true });
type Body = Record<string, unknown>;

/** By what tells one from all other answers. */
const known: readonly [is: (body: Body) => boolean, isValid: ValidateFunction][] = [
  [(body) => 'created' in body && 'data' in body, ajv.compile(images)],
  [(body) => body.type === 'transcript.text.delta', ajv.compile(delta)],
  [(body) => body.type === 'transcript.text.done', ajv.compile(done)],
  [(body) => body.type === 'speech.audio.delta', ajv.compile(spoken)],
  [(body) => body.type === 'speech.audio.done', ajv.compile(said)],
  [
    (body) => 'task' in body && JSON.stringify(body.segments ?? []).includes('"speaker"'),
    ajv.compile(diarized),
  ],
  [(body) => 'task' in body, ajv.compile(verbose)],
  [
    (body) => Object.keys(body).every((key) => key === 'text' || key === 'usage'),
    ajv.compile(transcript),
  ],
];

/** What is wrong with an answer of media; undefined: nothing; null: it is none. */
export const mediaFault = (body: Body): string | undefined | null => {
  const found = known.find(([is]) => is(body));
  if (!found) return null;
  const [, isValid] = found;
  if (isValid(body)) return undefined;
  return `not OpenAI's shape of media: ${ajv.errorsText(isValid.errors)} in ${JSON.stringify(body)}`;
};
