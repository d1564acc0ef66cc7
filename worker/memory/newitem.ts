// Which items a request can go on from, as the module reads them (cpp/openai/responses_items.cpp,
// content.cpp, responses_tools.cpp). An item that it refuses would make each later request of its
// conversation a fault, of an item that the request doesn't hold.
import { bounds } from '../core/bounds.ts';
import { invalid, missingField } from '../errors.ts';
import { FieldReader, isObject } from './fieldreader.ts';
import { checkMedium, type Medium } from './newmedia.ts';
import { refuse } from './refusal.ts';

type Read = (fields: FieldReader) => void;

// --- What messages hold --------------------------------------------------------------------------

/** What a part shows, where it isn't text. */
type ReadPart = (part: FieldReader) => Medium | undefined;

/** `{url}`, or the bare address that some clients send. */
const readUrl = (part: FieldReader, key: string): { path: string; url: string } => {
  const holder = part.any(key);
  if (typeof holder === 'string') return { path: part.at(key), url: holder };
  const fields = part.inner(key);
  return { path: fields.at('url'), url: fields.requiredText('url') };
};

const readText: ReadPart = (part) => {
  if (!part.has('text')) refuse(missingField(part.at('text')));
  part.text('text');
  return undefined;
};

const readRefusal: ReadPart = (part) => {
  part.text('refusal');
  return undefined;
};

const readInputImage: ReadPart = (part) => {
  const id = part.text('file_id');
  if (id !== '') return { kind: 'file', path: part.at('file_id'), data: '', id, name: '' };
  const address = readUrl(part, 'image_url');
  part.text('detail');
  return { kind: 'image', ...address };
};

/** As chat completions have it. */
const readImage: ReadPart = (part) => {
  if (isObject(part.any('image_url'))) part.inner('image_url').text('detail');
  return { kind: 'image', ...readUrl(part, 'image_url') };
};

const readVideo: ReadPart = (part) => ({ kind: 'video', ...readUrl(part, 'video_url') });

const readInputFile: ReadPart = (part) => {
  const name = part.text('filename');
  const key = ['file_data', 'file_url', 'file_id'].find((each) => part.text(each) !== '');
  if (key === undefined) return refuse(missingField(part.at('file_data')));
  const told = part.text(key);
  const what = key === 'file_id' ? { data: '', id: told } : { data: told };
  return { kind: 'file', path: part.at(key), name, ...what };
};

/** As chat completions have it. */
const readFile: ReadPart = (part) => {
  const fields = part.inner('file');
  const data = fields.text('file_data');
  const id = fields.text('file_id');
  const name = fields.text('filename');
  if (data === '' && id === '') refuse(missingField(fields.at('file_data')));
  return { kind: 'file', path: fields.at(data === '' ? 'file_id' : 'file_data'), data, id, name };
};

const readAudio: ReadPart = (part) => {
  const fields = part.inner('input_audio');
  const data = fields.requiredText('data');
  return { kind: 'sound', path: fields.at('data'), data, format: fields.requiredText('format') };
};

/** Anthropic's: an address, or a type and base64. */
const readSource = (part: FieldReader): { url: string } | { type: string; data: string } => {
  const fields = part.inner('source');
  const url = fields.text('url');
  if (url !== '') return { url };
  return { type: fields.requiredText('media_type'), data: fields.requiredText('data') };
};

const readAnthropicImage: ReadPart = (part) => ({
  kind: 'image',
  path: part.at('source'),
  ...readSource(part),
});

const readDocument: ReadPart = (part) => {
  const source = readSource(part);
  const what = 'url' in source ? { data: source.url } : source;
  return { kind: 'file', path: part.at('source'), ...what, name: part.text('title') };
};

const parts: ReadonlyMap<string, ReadPart> = new Map<string, ReadPart>([
  ['input_text', readText],
  ['output_text', readText],
  ['text', readText],
  ['refusal', readRefusal],
  ['input_image', readInputImage],
  ['input_file', readInputFile],
  ['input_audio', readAudio],
  ['image_url', readImage],
  ['file', readFile],
  ['video_url', readVideo],
  ['image', readAnthropicImage],
  ['document', readDocument],
]);

const readPart: ReadPart = (part) => {
  const read = parts.get(part.requiredText('type')) ?? part.unknownValue('type', parts.keys());
  return read(part);
};

const readContent = (item: FieldReader, key: string): Medium[] => {
  const content = item.any(key);
  if (content === undefined || typeof content === 'string') return [];
  if (!Array.isArray(content)) {
    const words = 'expected a string or an array of content parts';
    return refuse(invalid(item.at(key), words, 'invalid_type'));
  }
  const media: Medium[] = [];
  item.each(key, (part) => {
    const medium = readPart(part);
    if (medium) media.push(medium);
  });
  return media;
};

const roles: ReadonlySet<string> = new Set(['user', 'assistant', 'system', 'developer']);

const readMessage: Read = (item) => {
  const role = item.requiredText('role');
  if (!roles.has(role)) item.unknownValue('role', roles);
  if (!item.has('content') && role !== 'assistant') refuse(missingField(item.at('content')));
  const media = readContent(item, 'content');
  // Instructions are text: whatever else is in them is left out.
  if (role === 'user' || role === 'assistant') media.forEach(checkMedium);
};

// --- Tools that items bring ----------------------------------------------------------------------

const namedTools: ReadonlySet<string> = new Set(['function', 'custom']);

/** Those that Google runs. Models that make images take `image_generation`, others refuse it. */
const hostedTools: ReadonlySet<string> = new Set(['code_interpreter', 'image_generation']);

const elsewhere = /^(?:file_search$|mcp$|programmatic_tool_calling$|computer)/;

const unsupported = (tool: FieldReader, path: string): never =>
  refuse(
    invalid(
      path,
      `the tool '${tool.text('type').slice(0, 60)}' can't be run here`,
      'unsupported_tool',
    ),
  );

/** What the tools of an item come to. */
interface Tally {
  readonly names: Set<string>;
  bytes: number;
}

type ReadTool = (tool: FieldReader, tally: Tally) => void;

/** Tools of one name are declared once. */
const declare = (tool: FieldReader, tally: Tally, ...name: readonly string[]): void => {
  tally.names.add(JSON.stringify(name));
  if (tally.names.size <= bounds.tools) return;
  const words = `expected at most ${bounds.tools} tools in all, those of namespaces included`;
  refuse(invalid(tool.path, words, 'array_above_max_length'));
};

const encoder = new TextEncoder();

/** Schemas are taken apart, which takes many times their size. */
const readParameters: ReadTool = (tool, tally) => {
  const size = encoder.encode(JSON.stringify(tool.object('parameters'))).length;
  tally.bytes += tool.has('parameters') ? size : 0;
  if (size <= bounds.schemaBytes && tally.bytes <= bounds.schemasBytes) return;
  const words = `expected at most ${bounds.schemaBytes} bytes of JSON, and ${bounds.schemasBytes} of all`;
  refuse(invalid(tool.at('parameters'), words, 'invalid_value'));
};

/** A grammar lies in the format or, as in chat completions, one level deeper. */
const readFormat: Read = (tool) => {
  if (!tool.has('format')) return;
  const format = tool.inner('format');
  if (format.text('type') !== 'grammar') return;
  const grammar = format.has('grammar') ? format.inner('grammar') : format;
  grammar.text('syntax');
  grammar.text('definition');
};

const readNamed = (tool: FieldReader, tally: Tally, space: string): void => {
  const type = tool.requiredText('type');
  if (!namedTools.has(type)) tool.unknownValue('type', namedTools);
  const name = tool.requiredText('name');
  tool.text('description');
  if (type === 'custom') {
    readFormat(tool);
  } else {
    readParameters(tool, tally);
  }
  declare(tool, tally, space, name);
};

const readNamedTool: ReadTool = (tool, tally) => readNamed(tool, tally, '');

const readNamespace: ReadTool = (tool, tally) => {
  const space = tool.requiredText('name');
  tool.text('description');
  tool.each('tools', (each) => readNamed(each, tally, space), bounds.tools);
};

const readNameless: ReadTool = (tool, tally) => declare(tool, tally, tool.text('type'));

const readShell: ReadTool = (tool, tally) => {
  const place = tool.object('environment').type;
  if (typeof place === 'string' && place !== '' && place !== 'local') {
    unsupported(tool, `${tool.at('environment')}.type`);
  }
  readNameless(tool, tally);
};

/** Unless the client searches, nothing else of it is read. */
const readToolSearch: ReadTool = (tool, tally) => {
  if (tool.text('execution') !== 'client') return;
  tool.text('description');
  readParameters(tool, tally);
  readNameless(tool, tally);
};

const toolReaders: ReadonlyMap<string, ReadTool> = new Map<string, ReadTool>([
  ['function', readNamedTool],
  ['custom', readNamedTool],
  ['namespace', readNamespace],
  ['shell', readShell],
  ['tool_search', readToolSearch],
  ['local_shell', readNameless],
  ['apply_patch', readNameless],
]);

const readTool: ReadTool = (tool, tally) => {
  const type = tool.requiredText('type');
  const read = toolReaders.get(type);
  if (read) return read(tool, tally);
  if (elsewhere.test(type)) return unsupported(tool, tool.at('type'));
  if (hostedTools.has(type) || type.startsWith('web_search')) return;
  tool.unknownValue('type', [...toolReaders.keys(), 'web_search', ...hostedTools]);
};

const readTools: Read = (item) => {
  const tally: Tally = { names: new Set(), bytes: 0 };
  item.each('tools', (tool) => readTool(tool, tally), bounds.tools);
};

// --- Calls and their outputs ---------------------------------------------------------------------

/** A call of a tool that has a name, with its arguments as a text or, as some clients send them, an object. */
const readNamedCall =
  (key: string): Read =>
  (item) => {
    item.requiredText('call_id');
    item.text('namespace');
    item.requiredText('name');
    if (!isObject(item.any(key))) item.text(key);
  };

const readCall: Read = (item) => void item.requiredText('call_id');

/** Its output may name it by the item's id. */
const readLocalShellCall: Read = (item) => {
  readCall(item);
  item.text('id');
};

/** An output may name its call by the function. */
const readCalledName: Read = (item) => {
  if (item.text('name') === '') refuse(missingField(item.at('call_id')));
  item.text('namespace');
};

const readOutput: Read = (item) => {
  if (item.text('call_id') === '') readCalledName(item);
  readContent(item, 'output').forEach(checkMedium);
};

const readActionOutput: Read = (item) => {
  const isNamed = item.text('call_id') !== '' || item.text('id') !== '';
  if (item.text('type') === 'apply_patch_call_output') item.text('status');
  if (!isNamed) refuse(missingField(item.at('call_id')));
};

/** A search of OpenAI's own has no id. */
const readSearchCall: Read = (item) => {
  if (item.has('call_id')) readCall(item);
};

const readFoundTools: Read = (item) => {
  readTools(item);
  item.text('call_id');
};

// --- Items ---------------------------------------------------------------------------------------

const readReasoning: Read = (item) => {
  item.array('summary');
  item.array('content');
};

const readMadeImage: Read = (item) => {
  const result = item.text('result');
  if (result === '') return;
  const what = result.includes(':') ? { url: result } : { type: 'image/png', data: result };
  checkMedium({ kind: 'image', path: item.at('result'), ...what });
};

const readReference: Read = (item) => {
  const words = 'a conversation takes items themselves, and no references to them';
  refuse(invalid(item.at('type'), words, 'invalid_value'));
};

const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['message', readMessage],
  ['reasoning', readReasoning],
  ['item_reference', readReference],
  ['additional_tools', readTools],
  ['image_generation_call', readMadeImage],
  ['code_interpreter_call', (item) => void [item.array('outputs'), item.text('code')]],
  ['function_call', readNamedCall('arguments')],
  ['custom_tool_call', readNamedCall('input')],
  ['tool_search_call', readSearchCall],
  ['local_shell_call', readLocalShellCall],
  ['shell_call', readCall],
  ['apply_patch_call', readCall],
  ['function_call_output', readOutput],
  ['custom_tool_call_output', readOutput],
  ['local_shell_call_output', readActionOutput],
  ['shell_call_output', readActionOutput],
  ['apply_patch_call_output', readActionOutput],
  ['tool_search_output', readFoundTools],
]);

const typeOf = (item: FieldReader): string =>
  item.text('type') || (item.has('role') || !item.has('id') ? 'message' : 'item_reference');

/** The module reads no object of more keys, wherever it lies. */
const checkKeys = (value: unknown, path: string): void => {
  if (typeof value !== 'object' || value === null) return;
  const values = Object.values(value);
  if (!Array.isArray(value) && values.length > bounds.jsonKeys) {
    const words = `it has an object of more than ${bounds.jsonKeys} keys`;
    refuse(invalid(path, words, 'object_above_max_properties'));
  }
  for (const each of values) checkKeys(each, path);
};

/** Refuses what no request could go on from. Kinds that are unknown are left out there, so they are taken here. */
export const checkNewItem = (value: unknown, path: string): void => {
  const item = new FieldReader(value, path);
  readers.get(typeOf(item))?.(item);
  checkKeys(value, path);
};
