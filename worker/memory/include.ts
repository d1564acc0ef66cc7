// What a client wants told of stored items beside the rest: all of it is told as it was kept.
import { invalid } from '../errors.ts';
import { refuse } from './refusal.ts';

/** OpenAI's ResponseIncludable, as cpp/openai/responses_settings.cpp has it. */
const includable: readonly string[] = [
  'file_search_call.results',
  'web_search_call.results',
  'web_search_call.action.sources',
  'message.input_image.image_url',
  'computer_call_output.output.image_url',
  'code_interpreter_call.outputs',
  'reasoning.encrypted_content',
  'message.output_text.logprobs',
];

const supported = includable.map((word) => `'${word}'`).join(', ');

/** `include=a&include=b`, `include[]=a` and `include[0]=a`, as SDKs write lists. */
const isInclude = (name: string): boolean => /^include(\[\d*\])?$/.test(name);

/** Refuses an `include` of the address that OpenAI doesn't know. */
export const checkInclude = (query: URLSearchParams): void => {
  const words = [...query].filter(([name]) => isInclude(name)).map(([, word]) => word);
  const unknown = words.findIndex((word) => !includable.includes(word));
  if (unknown < 0) return;
  const got = words[unknown]?.slice(0, 60);
  const fault = `'${got}' is unknown. Supported values are: ${supported}`;
  refuse(invalid(`include[${unknown}]`, fault, 'invalid_value'));
};
