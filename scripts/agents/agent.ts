// What is to be known of an agent before it can be tried.

export const dialects = ['chat completions', 'responses', 'messages', 'gemini'] as const;
export type Dialect = (typeof dialects)[number];

/** Rondo, as an agent is told of it. */
export interface Endpoint {
  /** Without the path of a dialect. */
  readonly url: string;
  readonly key: string;
  readonly model: string;
}

/** How it is told, each way empty where the agent has no use for it. */
export interface Setup {
  readonly env: Readonly<Record<string, string>>;
  /** Contents of files below HOME, by their paths. */
  readonly files: Readonly<Record<string, string>>;
  /** What stands between the program's name and the prompt. */
  readonly options: readonly string[];
}

export interface Agent {
  /** As its package calls it. */
  readonly program: string;
  readonly package: string;
  readonly dialect: Dialect;
  readonly setup: (at: Endpoint) => Setup;
}

/** Of a program that speaks several dialects, one agent each. */
export interface Program {
  readonly program: string;
  readonly package: string;
  readonly setups: { readonly [Each in Dialect]?: Agent['setup'] };
}
