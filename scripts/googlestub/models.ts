import { type Refusal, refusal } from './errors.ts';
import { usualFamilyOf } from './families.ts';
import type { JsonObject } from './json.ts';

export type Task = 'generate' | 'embed' | 'predict';

export interface Model {
  readonly id: string;
  readonly task: Task;
}

const generating = [
  'gemini-2.5-flash',
  'gemini-2.5-flash-lite',
  'gemini-2.5-pro',
  'gemini-3-flash-preview',
  'gemini-3.1-flash-image',
  'gemini-3.1-flash-lite',
  'gemini-3.1-pro-preview',
  'gemini-3.5-flash',
  'gemini-3.5-flash-lite',
  'gemini-3.6-flash',
  'gemini-3.7-flash',
  'gemini-3.8-flash',
  'gemini-4-argon',
  'gemini-4-carbon',
  'gemini-4-hydrogen',
  'gemini-4-neon',
  'gemini-nano-banana-2.1',
  'gemini-2.5-flash-image',
  'gemini-3.8-flash-tts',
  'gemini-2.5-flash-preview-tts',
  'gemini-3.1-flash-tts-preview',
  'gemini-3.5-transcribe',
];

export const defaultModels: readonly Model[] = [
  ...generating.map((id): Model => ({ id, task: 'generate' })),
  { id: 'gemini-embedding-001', task: 'embed' },
  { id: 'gemini-embedding-2', task: 'embed' },
  { id: 'text-embedding-005', task: 'embed' },
  { id: 'imagen-4.0-generate-001', task: 'predict' },
];

const methodsOf: Readonly<Record<Task, readonly string[]>> = {
  generate: ['generateContent', 'countTokens', 'createCachedContent', 'batchGenerateContent'],
  embed: ['embedContent', 'countTextTokens', 'asyncBatchEmbedContent'],
  predict: ['predict'],
};

export function titleOf(id: string): string {
  return id.replaceAll('-', ' ').replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

/** https://ai.google.dev/api/models#Model */
export function geminiModel({ id, task }: Model): JsonObject {
  const entry: JsonObject = {
    name: `models/${id}`,
    version: '001',
    displayName: titleOf(id),
    description: `Simulated ${titleOf(id)}`,
    inputTokenLimit: task === 'generate' ? usualFamilyOf(id).inputTokens : 2048,
    outputTokenLimit: task === 'generate' ? usualFamilyOf(id).outputTokens : 1,
    supportedGenerationMethods: methodsOf[task].filter(
      (method) => method !== 'createCachedContent' || usualFamilyOf(id).caches,
    ),
  };
  if (task !== 'generate') return entry;
  const sampling = { temperature: 1, topP: 0.95, topK: 64, maxTemperature: 2 };
  return { ...entry, ...sampling, thinking: usualFamilyOf(id).level !== null };
}

/** https://cloud.google.com/vertex-ai/docs/reference/rest/v1beta1/publishers.models */
export function vertexModel({ id }: Model): JsonObject {
  const name = `publishers/google/models/${id}`;
  return {
    name,
    versionId: 'default',
    openSourceCategory: 'PROPRIETARY',
    launchStage: id.includes('preview') ? 'PUBLIC_PREVIEW' : 'GA',
    publisherModelTemplate: `projects/{user-project}/locations/{location}/${name}@default`,
  };
}

export interface Page {
  readonly models: readonly Model[];
  readonly nextPageToken: string | null;
}

/** A page token is opaque to callers and only good for the list it came from. */
export function pageOf(
  models: readonly Model[],
  query: URLSearchParams,
  defaultSize: number,
): Page | Refusal {
  const size = Number(query.get('pageSize') ?? defaultSize);
  if (!Number.isInteger(size) || size < 0) {
    return refusal(400, `Invalid value at 'page_size' (TYPE_INT32), "${query.get('pageSize')}"`);
  }
  const token = query.get('pageToken');
  const start = token ? startOf(token) : 0;
  if (start === null || start > models.length) return refusal(400, 'Page token is not valid.');
  const end = start + Math.min(size || defaultSize, 1000);
  return {
    models: models.slice(start, end),
    nextPageToken: end < models.length ? tokenFor(end) : null,
  };
}

function tokenFor(start: number): string {
  return Buffer.from(`page:${start}`).toString('base64url');
}

function startOf(token: string): number | null {
  const match = /^page:(\d+)$/.exec(Buffer.from(token, 'base64url').toString());
  return match ? Number(match[1]) : null;
}

export function geminiModelMissing(model: string, version: string, method: string): Refusal {
  const list = version === openAiVersion ? 'ModelService.ListModels' : 'ListModels';
  return refusal(
    404,
    `models/${model} is not found for API version ${version}, or is not supported for ${method}. ` +
      `Call ${list} to see the list of available models and their supported methods.`,
  );
}

/**
 * Of the Gemini API, as errors of its endpoint for OpenAI's clients name it: callers quote "models/gemini-pro is not
 * found for API version v1main".
 */
export const openAiVersion = 'v1main';

/** What stands where a model's id should: quoted by those who put a title, or a key, there. */
export function modelFormFault(model: string): string | null {
  if (/^[A-Za-z0-9._-]+$/.test(model)) return null;
  return '* GenerateContentRequest.model: unexpected model name format\n';
}

export function vertexModelMissing(project: string, location: string, model: string): Refusal {
  const name = `projects/${project}/locations/${location}/publishers/google/models/${model}`;
  return refusal(
    404,
    `Publisher Model \`${name}\` was not found or your project does not have access to it. ` +
      'Please ensure you are using a valid model version. For more information, see: ' +
      'https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions',
  );
}
