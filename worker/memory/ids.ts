// Names of what is kept. The items of a response, and of what was added to a conversation at once,
// bear its seed, so that an item is found without an index of items.

/** "resp_SEED" */
export const responseId = (seed: string): string => `resp_${seed}`;

export const isResponse = (id: string): boolean => id.startsWith('resp_');

export const isConversation = (id: string): boolean => id.startsWith('conv_');

/** Of the items that a conversation got at once. No client sees it. */
export const batchId = (seed: string): string => `items_${seed}`;

/** The response whose turn such items are, if they are one's. */
export const responseOfBatch = (id: string): string | undefined =>
  id.startsWith('items_') ? responseId(seedOf(id)) : undefined;

/** The list of all chat completions. No entry has that name. */
export const completionsList = 'completions';

/** What stands behind the first "_" or "-", or all of it. */
export const seedOf = (id: string): string => /[_-](.+)$/.exec(id)?.[1] ?? id;

/** The seed in the name of an item; nothing when it is none of ours. */
export const seedOfItem = (id: string): string | undefined =>
  /^[a-z]+_([0-9A-Za-z]+)_i?\d+$/.exec(id)?.[1];

export const newSeed = (): string => crypto.randomUUID().replaceAll('-', '');

const prefixes: Readonly<Record<string, string>> = {
  message: 'msg',
  reasoning: 'rs',
  function_call: 'fc',
  function_call_output: 'fco',
  custom_tool_call: 'ctc',
  custom_tool_call_output: 'ctco',
};

/** The name of an item that came without one, by its type and its place among those it came with. */
export const inputId = (type: string, seed: string, place: number): string =>
  `${prefixes[type] ?? 'item'}_${seed}_i${place}`;
