// A loop of tools, as clients run it: the stub takes the calls that it makes from the user's words, two at
// once and then a third.
import { jsonSchema, tool } from 'ai';

export const rounds =
  'get_time({"tz":"UTC"}) and get_weather({"city":"Rome"}) then notify({"text":"x"})';
export const allTold = [
  'get_time {"tz":"UTC"}',
  'get_weather {"city":"Rome"}',
  'notify {"text":"x"}',
];
export const names = ['get_time', 'get_weather', 'notify'];
/** What Google is sent last. */
export const turns = [
  'user: text',
  'model: functionCall functionCall',
  'user: functionResponse functionResponse',
  'model: functionCall',
  'user: functionResponse',
];

/** The tools of the ai package; `asked` is told of each call. */
export const aiTools = (asked: string[]) =>
  Object.fromEntries(
    names.map((name) => [
      name,
      tool({
        description: `Does ${name}.`,
        inputSchema: jsonSchema<object>({ type: 'object', properties: {} }),
        execute: (args) => {
          asked.push(`${name} ${JSON.stringify(args)}`);
          return { done: name };
        },
      }),
    ]),
  );
