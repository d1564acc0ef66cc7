import { configOf } from './answers.ts';
import { declarationsOf } from './calls.ts';
import type { Level } from './families.ts';
import { type JsonObject, numberIn, objectIn, stringsIn, textIn } from './json.ts';
import type { Scene } from './rules.ts';
import { first } from './turns.ts';

type Limit = (config: JsonObject, scene: Scene) => string | null;

function field(name: string, text: string): string {
  return `* GenerateContentRequest.generation_config.${name}: ${text}\n`;
}

/** Vertex tells a value that is out of range in these words. */
function outOfRange(name: string, value: number, range: string): string {
  return (
    `Unable to submit request because it has a ${name} value of ${value} but the supported range ` +
    `is from ${range}. Update the value and try again.`
  );
}

function including(least: number, most: number): string {
  return `${least} (inclusive) to ${most} (inclusive)`;
}

function excluding(least: number, most: number): string {
  return `${least} (inclusive) to ${most} (exclusive)`;
}

const ranges: readonly [name: string, least: number, most: number][] = [
  ['temperature', 0, 2],
  ['topP', 0, 1],
  ['topK', 1, 1000],
  ['logprobs', 1, 20],
];

const inRange: Limit = (config) =>
  first(ranges, ([name, least, most]) => {
    const value = numberIn(config, name);
    if (value === undefined || (value >= least && value <= most)) return null;
    return outOfRange(name, value, including(least, most));
  });

/**
 * "Up to, but not including, 2.0":
 * https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference. That it is so of both back-ends
 * is a guess.
 */
const penaltyRange: Limit = (config) =>
  first(['presencePenalty', 'frequencyPenalty'], (name) => {
    const value = numberIn(config, name);
    if (value === undefined || (value >= -2 && value < 2)) return null;
    return outOfRange(name, value, excluding(-2, 2));
  });

const outputTokens: Limit = (config, { family, streaming }) => {
  const value = numberIn(config, 'maxOutputTokens');
  const most = streaming ? family.outputTokens : family.unaryTokens;
  if (value === undefined || (value >= 1 && value <= most)) return null;
  return outOfRange('maxOutputTokens', value, excluding(1, most + 1));
};

const candidates: Limit = (config, { family, model }) => {
  const value = numberIn(config, 'candidateCount');
  if (value === undefined || value === 1) return null;
  if (value < 1 || value > 8) return outOfRange('candidateCount', value, including(1, 8));
  if (value <= family.candidates) return null;
  return `Multiple candidates is not enabled for models/${model}`;
};

/** No words of Google's are known; these are made after those about penalties. */
const samplingNames = { temperature: 'Temperature', topP: 'TopP', topK: 'TopK' };

const sampling: Limit = (config, { family }) => {
  if (family.sampling) return null;
  const set = Object.entries(samplingNames).find(([name]) => config[name] !== undefined);
  return set ? `${set[1]} is not enabled for this model` : null;
};

const penalties: Limit = (config, { family, backend }) => {
  const set = config.presencePenalty !== undefined || config.frequencyPenalty !== undefined;
  return set && !family.penalties.includes(backend)
    ? 'Penalty is not enabled for this model'
    : null;
};

const stops: Limit = (config) => {
  const sequences = stringsIn(config, 'stopSequences');
  if (sequences.length > 5) return outOfRange('stopSequences', sequences.length, including(0, 5));
  return sequences.includes('') ? field('stop_sequences', 'must not be empty') : null;
};

const logprobs: Limit = (config, { family, backend, model }) => {
  if (config.responseLogprobs !== true) {
    if (config.logprobs === undefined) return null;
    return field('logprobs', 'only allowed when response_logprobs is true');
  }
  return family.logprobs.includes(backend) ? null : `Logprobs is not enabled for models/${model}`;
};

const modalities: Limit = (config, { model, family }) => {
  const wanted = stringsIn(config, 'responseModalities');
  const draws = model.includes('image') || family.makes === 'images';
  const has = (kind: string): boolean => !wanted.includes(kind) || draws;
  const speaks = !wanted.includes('AUDIO') || /tts|audio|live/.test(model);
  if (has('IMAGE') && has('VIDEO') && speaks) return null;
  return 'The requested combination of response modalities is not supported by the model.';
};

const mimeTypes = ['', 'text/plain', 'application/json', 'text/x.enum'];

const answerFormat: Limit = (config, scene) => {
  const type = textIn(config, 'responseMimeType') ?? '';
  if (!mimeTypes.includes(type)) {
    const allowed = 'allowed mimetypes are `text/plain`, `application/json` and `text/x.enum`';
    return field('response_mime_type', allowed);
  }
  const json = type === 'application/json';
  const schemas = [config.responseSchema, config.responseJsonSchema];
  if (schemas.every((schema) => schema !== undefined)) {
    return field('response_json_schema', 'response_schema must not be set as well');
  }
  const constrained = schemas.some((schema) => schema !== undefined);
  if (constrained && !json && !(type === 'text/x.enum' && config.responseSchema)) {
    return field('response_schema', 'only allowed when response_mime_type is application/json');
  }
  if (config.responseJsonSchema !== undefined && !scene.family.jsonSchema) {
    return field('response_json_schema', 'not supported for this model');
  }
  if (json && !scene.family.mixedTools && declarationsOf(scene.request).length > 0) {
    return `Function calling with a response mime type: '${type}' is unsupported`;
  }
  return null;
};

/** Quoted by callers of 2.5 flash-lite, which doesn't think by itself, and of others with a budget of 0. */
const nothingToInclude =
  'Unable to submit request because Thinking_config.include_thoughts is only enabled when thinking ' +
  'is enabled.';

const thinking: Limit = (config, { family }) => {
  const thinkingConfig = objectIn(config, 'thinkingConfig');
  if (!thinkingConfig) return null;
  const level = textIn(thinkingConfig, 'thinkingLevel');
  const budget = numberIn(thinkingConfig, 'thinkingBudget');
  if (level !== undefined && budget !== undefined) {
    return 'You can only set only one of thinking budget and thinking level.';
  }
  if (family.budget === 'none') return 'Thinking is not supported for this model.';
  const thinks = budget === undefined ? family.level !== null : budget !== 0;
  if (thinkingConfig.includeThoughts === true && !thinks) return nothingToInclude;
  if (level !== undefined) return levelFault(level, family.levels);
  return budget === undefined ? null : budgetFault(budget, family.budget);
};

function levelFault(level: string, levels: readonly Level[]): string | null {
  if (levels.length === 0) return 'Thinking level is not supported for this model.';
  if (level === 'THINKING_LEVEL_UNSPECIFIED' || levels.includes(level as Level)) return null;
  return (
    `Thinking level ${level} is not supported for this model. ` +
    'Please retry with other thinking level.'
  );
}

function budgetFault(budget: number, range: Scene['family']['budget']): string | null {
  if (range === 'refused') {
    return 'Thinking budget is not supported for this model. Use thinking level instead.';
  }
  if (typeof range === 'string' || budget === -1) return null;
  if (budget === 0) {
    return range.off ? null : 'Budget 0 is invalid. This model only works in thinking mode.';
  }
  if (budget >= range.least && budget <= range.most) return null;
  const between = `between ${range.least} and ${range.most}`;
  return `The thinking budget ${budget} is invalid. Please choose a value ${between}.`;
}

const limits: readonly Limit[] = [
  inRange,
  penaltyRange,
  outputTokens,
  candidates,
  sampling,
  penalties,
  stops,
  logprobs,
  modalities,
  answerFormat,
  thinking,
];

/** None was ever given out here, and another's is good for nobody. The words are a guess. */
export function continuationFault({ request }: Scene): string | null {
  return request.continuationToken === undefined ? null : 'Invalid continuation token.';
}

/** What of generationConfig the model at hand doesn't take. */
export function limitFault(scene: Scene): string | null {
  const config = configOf(scene.request);
  return first(limits, (limit) => limit(config, scene));
}
