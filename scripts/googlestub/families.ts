export type Level = 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'XHIGH';
export type ApiBackend = 'vertex' | 'gemini';

export interface BudgetRange {
  readonly least: number;
  readonly most: number;
  /** Whether 0 switches thinking off. */
  readonly off: boolean;
}

/**
 * What a family of models takes. Sources, by column:
 * levels and budgets  https://ai.google.dev/gemini-api/docs/thinking
 * signatures          https://ai.google.dev/gemini-api/docs/thought-signatures
 * penalties           https://ai.google.dev/gemini-api/docs/troubleshooting
 * sampling            https://ai.google.dev/gemini-api/docs/gemini-3: deprecated, then refused
 * makes               https://ai.google.dev/gemini-api/docs/{image-generation,speech-generation,transcribe}
 * styled              the guide to Gemini 3.8 TTS in Gemini Enterprise's documentation
 *
 * Where they leave a thing open, the family refuses it.
 */
export interface Family {
  readonly pattern: RegExp;
  /** What it answers with. `text`: perhaps images beside it. */
  readonly makes: 'text' | 'images' | 'speech' | 'transcripts';
  /** How a text is to be spoken is told apart from it, and a whole speech is a WAV file. */
  readonly styled: boolean;
  /** It speaks in a chat: it takes turns, instructions and tools. */
  readonly talks: boolean;
  /** Thought signatures are good for models of the same group. */
  readonly group: string;
  readonly levels: readonly Level[];
  /** What it thinks with when it is not told; null: not at all. */
  readonly level: Level | null;
  /** `legacy`: any; `refused`: use a level. */
  readonly budget: BudgetRange | 'legacy' | 'refused' | 'none';
  /** The first call of each step of the current turn must be signed. */
  readonly signatures: boolean;
  readonly prefill: boolean;
  /** Whether it takes temperature, topP and topK. */
  readonly sampling: boolean;
  readonly penalties: readonly ApiBackend[];
  readonly logprobs: readonly ApiBackend[];
  readonly candidates: number;
  /** Back-ends that know `id` in calls and responses. */
  readonly callIds: readonly ApiBackend[];
  /** Back-ends that answer nothing, with STOP, when a call of the current turn has no id. */
  readonly idsNeeded: readonly ApiBackend[];
  readonly jsonSchema: boolean;
  /** Functions beside built-in tools, and functions beside a JSON answer. */
  readonly mixedTools: boolean;
  readonly nameLength: number;
  /** Functions of one request: 512, and 128 "on some models". Which are those is a guess. */
  readonly functions: number;
  /**
   * Of a whole request with what stands in it inline: "20 MB", and "100 MB" on newer models. Which are newer is a
   * guess.
   */
  readonly requestBytes: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly unaryTokens: number;
  /**
   * The fewest tokens that a cache holds. Documented as 2,048 or 4,096 by the model, and less in fact:
   * https://discuss.ai.google.dev/t/134499
   */
  readonly cached: number;
  /** Whether caches can be made for it; else there are only those that Google makes by itself. */
  readonly caches: boolean;
  /** Vertex locations; null: all. */
  readonly locations: readonly string[] | null;
}

const both: readonly ApiBackend[] = ['vertex', 'gemini'];
const vertexOnly: readonly ApiBackend[] = ['vertex'];
const none: readonly ApiBackend[] = [];

const base2 = {
  makes: 'text',
  styled: false,
  talks: false,
  group: 'gemini-2',
  levels: [],
  level: 'MEDIUM',
  budget: 'none',
  signatures: false,
  prefill: true,
  sampling: true,
  penalties: vertexOnly,
  logprobs: both,
  candidates: 8,
  callIds: ['gemini'],
  idsNeeded: none,
  jsonSchema: true,
  mixedTools: false,
  nameLength: 64,
  functions: 128,
  requestBytes: 20 * 1024 ** 2,
  inputTokens: 1_048_576,
  outputTokens: 65_536,
  unaryTokens: 65_536,
  cached: 1024,
  caches: true,
  locations: null,
} as const;

const base3 = {
  ...base2,
  group: 'gemini-3',
  levels: ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH'],
  budget: 'legacy',
  signatures: true,
  logprobs: vertexOnly,
  candidates: 1,
  callIds: both,
  idsNeeded: vertexOnly,
  mixedTools: true,
  nameLength: 128,
  functions: 512,
  requestBytes: 100 * 1024 ** 2,
} as const;

const base4 = {
  ...base3,
  group: 'gemini-4',
  levels: ['LOW', 'MEDIUM', 'HIGH'],
  budget: 'refused',
  prefill: false,
  sampling: false,
  penalties: none,
  logprobs: none,
  locations: ['global', 'us', 'eu'],
} as const;

const pro25 = { least: 128, most: 32_768, off: false };
const flash25 = { least: 1, most: 24_576, off: true };
const lite25 = { least: 512, most: 24_576, off: true };
const allButMinimal = ['LOW', 'MEDIUM', 'HIGH'] as const;
/** From the releases of July 2026 on. */
const fixed = { prefill: false, sampling: false } as const;

/** They neither think nor take settings of how. */
const single = { level: null, levels: [], budget: 'none', candidates: 1, logprobs: none } as const;
const speech = { ...single, makes: 'speech' } as const;

/** The first row that fits decides; a model that fits none has the newest rules. */
const families: readonly Family[] = [
  { ...base2, ...single, pattern: /^gemini-2\.5-flash-image/, makes: 'images' },
  { ...base2, ...speech, pattern: /^gemini-2\.5-.*tts/ },
  { ...base2, ...speech, pattern: /native-audio/, talks: true },
  { ...base3, ...speech, ...fixed, pattern: /^gemini-3\.[0-7]-.*tts/, signatures: false },
  { ...base3, ...speech, ...fixed, pattern: /^gemini-3.*tts/, signatures: false, styled: true },
  {
    ...base3,
    ...single,
    ...fixed,
    pattern: /^gemini-3.*-transcribe/,
    makes: 'transcripts',
    signatures: false,
    locations: ['global'],
  },
  {
    ...base3,
    ...fixed,
    pattern: /^gemini-nano-banana/,
    makes: 'images',
    levels: ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH'],
    budget: 'refused',
    logprobs: none,
  },
  {
    ...base3,
    ...fixed,
    pattern: /^gemini-3.*-image/,
    makes: 'images',
    levels: ['MINIMAL', 'HIGH'],
    level: 'MINIMAL',
    logprobs: none,
  },
  { ...base2, pattern: /^gemini-(1|2\.0)/, level: null, jsonSchema: false, penalties: both },
  { ...base2, pattern: /^gemini-2\.5-pro/, budget: pro25, logprobs: vertexOnly },
  {
    ...base2,
    pattern: /^gemini-2\.5-flash-lite/,
    budget: lite25,
    level: null,
    logprobs: vertexOnly,
  },
  { ...base2, pattern: /^gemini-2\.5/, budget: flash25 },
  { ...base3, pattern: /^gemini-3-pro/, levels: ['LOW', 'HIGH'], level: 'HIGH' },
  { ...base3, pattern: /^gemini-3-/, level: 'HIGH' },
  { ...base3, pattern: /^gemini-3\.1-pro/, levels: allButMinimal, level: 'HIGH' },
  { ...base3, pattern: /^gemini-3\.1-flash-lite/, level: 'MINIMAL' },
  { ...base3, ...fixed, pattern: /^gemini-3\.5-flash-lite/, level: 'MINIMAL' },
  { ...base3, pattern: /^gemini-3\.[0-5]\b/ },
  { ...base3, ...fixed, pattern: /^gemini-3\.6/ },
  { ...base3, ...fixed, pattern: /^gemini-3\./, levels: allButMinimal, budget: 'refused' },
  { ...base4, pattern: /^gemini-4-argon/, unaryTokens: 32_768, caches: false },
  { ...base4, pattern: /^gemini-4-carbon/, unaryTokens: 32_768 },
  {
    ...base4,
    pattern: /^gemini-4-(hydrogen|neon)/,
    levels: ['LOW', 'MEDIUM', 'HIGH', 'XHIGH'],
    level: 'HIGH',
  },
];

const newest: Family = { ...base4, pattern: /^/ };

/** By the table alone. */
export function usualFamilyOf(model: string): Family {
  return families.find((family) => family.pattern.test(model)) ?? newest;
}

/** What a test may say of one model: any column, such as Vertex's older ways. */
export type FamilyChange = Partial<Omit<Family, 'pattern'>>;

/** The table, and what was changed of it for single models. */
export class Families {
  readonly #changes = new Map<string, FamilyChange>();

  of(model: string): Family {
    return { ...usualFamilyOf(model), ...this.#changes.get(model) };
  }

  change(model: string, change: FamilyChange): void {
    this.#changes.set(model, { ...this.#changes.get(model), ...change });
  }

  reset(): void {
    this.#changes.clear();
  }
}
