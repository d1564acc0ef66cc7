// What the rows' requests are made of.

const words =
  'The quick brown fox — "jumps" over\nthe lazy dog, then `return {a: 1}` and rests; naïve café. ';

export const textOf = (length: number): string =>
  words.repeat(Math.ceil(length / words.length)).slice(0, length);

const lines = [
  'export function load(name: string): Row[] {',
  '\tconst text = read("./rows/" + name, { encoding: "utf8" });',
  '\tif (text === "") throw new Error("rows/" + name + \' has no "rows"\');',
  '\treturn text.split("\\n").map((line) => line.split("\\t"));',
  '}',
  '',
];

/** Code with quotes, tabs and line breaks. */
export const codeOf = (length: number): string => {
  const block = `${lines.join('\n')}\n`;
  return block.repeat(Math.ceil(length / block.length)).slice(0, length);
};

/** A tool as chat completions tell it. */
export const toolOf = (index: number) => ({
  type: 'function',
  function: {
    name: `look_up_${index}`,
    description: textOf(300),
    parameters: {
      type: 'object',
      properties: {
        query: { type: 'string', description: textOf(80) },
        limit: { type: 'integer', minimum: 1, maximum: 50 },
        order: { type: 'string', enum: ['newest', 'oldest', 'best'] },
        tags: { type: 'array', items: { type: 'string' } },
      },
      required: ['query'],
    },
  },
});

export const tools = Array.from({ length: 20 }, (_, index) => toolOf(index));
