// What a conversation's prompts cost with and without explicit caches, by Google's price list:
// https://ai.google.dev/gemini-api/docs/pricing. Only ratios matter: the price of one token of input
// is 1.

export interface Prices {
  /** Of a cached token, when it is read. */
  readonly read: number;
  /** Of holding one token for an hour. */
  readonly hour: number;
}

export interface Conversation {
  readonly name: string;
  /** Tokens of instruction, tools and whatever else stands in front. */
  readonly head: number;
  /** Tokens that come with each turn: a question or results, and the answer. */
  readonly growth: number;
  readonly turns: number;
  readonly secondsBetween: number;
}

/** As cpp/gateway/context_caches.cpp has them. */
const rules = { lifeSeconds: 300, leastTokens: 1024, growth: 2 };

/** The tokens of a turn’s prompt: it holds all before it. */
const promptOf = ({ head, growth }: Conversation, turn: number): number =>
  head + growth * (turn + 1);

const sum = (turns: number, costOf: (turn: number) => number): number =>
  Array.from({ length: turns }, (_, turn) => costOf(turn)).reduce((all, cost) => all + cost, 0);

/** Google's implicit cache finds the prompt before in that share of the turns. */
export const implicitCost = (talk: Conversation, prices: Prices, hits: number): number =>
  sum(talk.turns, (turn) => {
    const before = turn === 0 ? 0 : promptOf(talk, turn - 1);
    return promptOf(talk, turn) - before * hits * (1 - prices.read);
  });

interface Cache {
  readonly tokens: number;
  readonly expires: number;
}

/** By `CONTEXT_CACHE=auto`; what no cache holds is paid in full. */
export const explicitCost = (talk: Conversation, prices: Prices): number => {
  let cache: Cache | null = null;
  return sum(talk.turns, (turn) => {
    const now = turn * talk.secondsBetween;
    const live: Cache | null = cache && cache.expires > now ? cache : null;
    const held = live?.tokens ?? 0;
    let cost = promptOf(talk, turn) - held * (1 - prices.read);
    // What came again: all that the turn before had in front of its own question.
    const again = turn === 0 ? 0 : talk.head + talk.growth * (turn - 1);
    const isRecent = talk.secondsBetween < rules.lifeSeconds;
    if (isRecent && again >= rules.leastTokens && again >= held * rules.growth && turn > 0) {
      cost += again + (again * prices.hour * rules.lifeSeconds) / 3600;
      cache = { tokens: again, expires: now + rules.lifeSeconds };
    }
    return cost;
  });
};

const conversations: readonly Conversation[] = [
  {
    name: 'an agent: 12,000 tokens in front, 40 turns of 1,500, 10 s apart',
    head: 12_000,
    growth: 1500,
    turns: 40,
    secondsBetween: 10,
  },
  {
    name: 'a document of 50,000 tokens, 10 questions, 40 s apart',
    head: 50_000,
    growth: 600,
    turns: 10,
    secondsBetween: 40,
  },
  { name: 'the same, 3 questions', head: 50_000, growth: 600, turns: 3, secondsBetween: 40 },
  {
    name: 'a chat: 1,500 tokens in front, 20 turns of 400, 60 s apart',
    head: 1500,
    growth: 400,
    turns: 20,
    secondsBetween: 60,
  },
  { name: 'the same, 4 minutes apart', head: 1500, growth: 400, turns: 20, secondsBetween: 240 },
];

/** Prices as multiples of the input’s: storage is cheap for some models and dear for others. */
const lists: readonly (readonly [string, Prices])[] = [
  ['1 input an hour', { read: 0.1, hour: 1 }],
  ['3.3 inputs an hour', { read: 0.1, hour: 3.3 }],
];

const percent = (cost: number, full: number): string => `${Math.round((100 * cost) / full)} %`;

export const table = (): string[] => {
  const rows = conversations.map((talk) => {
    const [, cheap] = lists[0] as (typeof lists)[number];
    const full = implicitCost(talk, cheap, 0);
    const implicit = [0.5, 0.8].map((hits) => percent(implicitCost(talk, cheap, hits), full));
    const explicit = lists.map(([, prices]) => percent(explicitCost(talk, prices), full));
    return `| ${[talk.name, ...implicit, ...explicit].join(' | ')} |`;
  });
  const heads = lists.map(([name]) => `\`auto\`, storage ${name}`);
  return [
    `| conversation | implicit hits 50 % | implicit hits 80 % | ${heads.join(' | ')} |`,
    '|---|---|---|---|---|',
    ...rows,
  ];
};
