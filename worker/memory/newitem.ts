// Which items a request can go on from, as the module reads them (cpp/openai/responses_items.cpp,
// content.cpp, responses_tools.cpp). An item that it refuses would make each later request of its
// conversation a fault, of an item that the request doesn't hold.
import { bounds } from '../core/bounds.ts';
import { invalid, missingField } from '../errors.ts';
import { FieldReader, isObject } from './fieldreader.ts';
import { refuse } from './refusal.ts';

type Read = (fields: FieldReader) => void;

// --- What messages hold --------------------------------------------------------------------------

/** What translation/media.cpp takes for an address. */
const address = /^\s*(?:data:[^,]*;base64,\s*\S|https?:|gs:)/i;

const checkAddress = (url: string, path: string): void => {
  if (address.test(url)) return;
  const words = 'expected a data: URL in base64, an https: URL or a gs: URI';
  refuse(invalid(path, words, 'invalid_value'));
};

/** `{url}`, or the bare address that some clients send. */
const readUrl = (part: FieldReader, key: string): void => {
  const holder = part.any(key);
  if (typeof holder === 'string') {
    checkAddress(holder, part.at(key));
  } else {
    const fields = part.inner(key);
    fields.text('detail');
    checkAddress(fields.requiredText('url'), fields.at('url'));
  }
};

const readText: Read = (part) => {
  if (!part.has('text')) refuse(missingField(part.at('text')));
  part.text('text');
};

const readInputImage: Read = (part) => {
  if (part.text('file_id') !== '') return;
  readUrl(part, 'image_url');
  part.text('detail');
};

const needsOneOf = (fields: FieldReader, keys: readonly string[]): void => {
  fields.text('filename');
  if (!keys.some((key) => fields.text(key) !== '')) refuse(missingField(fields.at('file_data')));
};

const readAudio: Read = (part) => {
  const fields = part.inner('input_audio');
  fields.requiredText('data');
  fields.requiredText('format');
};

/** Anthropic's. */
const readSource = (part: FieldReader): void => {
  const fields = part.inner('source');
  const url = fields.text('url');
  if (url === '') {
    fields.requiredText('media_type');
    fields.requiredText('data');
  } else if (part.text('type') === 'image') {
    checkAddress(url, fields.at('url'));
  }
};

const parts: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['input_text', readText],
  ['output_text', readText],
  ['text', readText],
  ['refusal', (part) => void part.text('refusal')],
  ['input_image', readInputImage],
  ['input_file', (part) => needsOneOf(part, ['file_data', 'file_url', 'file_id'])],
  ['input_audio', readAudio],
  ['image_url', (part) => readUrl(part, 'image_url')],
  ['file', (part) => needsOneOf(part.inner('file'), ['file_data', 'file_id'])],
  ['video_url', (part) => readUrl(part, 'video_url')],
  ['image', readSource],
  ['document', readSource],
]);

const readPart: Read = (part) => {
  const read = parts.get(part.requiredText('type')) ?? part.unknownValue('type', parts.keys());
  read(part);
};

const readContent = (item: FieldReader, key: string): void => {
  const content = item.any(key);
  if (content === undefined || typeof content === 'string') return;
  if (!Array.isArray(content)) {
    const words = 'expected a string or an array of content parts';
    refuse(invalid(item.at(key), words, 'invalid_type'));
  }
  item.each(key, readPart);
};

const roles: ReadonlySet<string> = new Set(['user', 'assistant', 'system', 'developer']);

const readMessage: Read = (item) => {
  const role = item.requiredText('role');
  if (!roles.has(role)) item.unknownValue('role', roles);
  if (!item.has('content') && role !== 'assistant') refuse(missingField(item.at('content')));
  readContent(item, 'content');
};

// --- Tools that items bring ----------------------------------------------------------------------

const namedTools: ReadonlySet<string> = new Set(['function', 'custom']);

/** Those that need nothing but their type, `image_generation` with some models alone. */
const bareTools: ReadonlySet<string> = new Set([
  ...['code_interpreter', 'image_generation', 'tool_search', 'local_shell', 'shell', 'apply_patch'],
]);

const elsewhere = /^(?:file_search$|mcp$|programmatic_tool_calling$|computer)/;

const unsupported = (tool: FieldReader, path: string): never =>
  refuse(
    invalid(
      path,
      `the tool '${tool.text('type').slice(0, 60)}' can't be run here`,
      'unsupported_tool',
    ),
  );

const readNamedTool: Read = (tool) => {
  if (!namedTools.has(tool.requiredText('type'))) tool.unknownValue('type', namedTools);
  tool.requiredText('name');
};

const readShell: Read = (tool) => {
  const environment = tool.any('environment');
  const place = isObject(environment) ? environment.type : undefined;
  if (place !== undefined && place !== '' && place !== 'local') {
    unsupported(tool, `${tool.at('environment')}.type`);
  }
};

const readTool: Read = (tool) => {
  const type = tool.requiredText('type');
  if (namedTools.has(type)) return readNamedTool(tool);
  if (type === 'namespace') {
    tool.requiredText('name');
    return tool.each('tools', readNamedTool);
  }
  if (type === 'shell') return readShell(tool);
  if (elsewhere.test(type)) return unsupported(tool, tool.at('type'));
  if (bareTools.has(type) || type.startsWith('web_search')) return;
  tool.unknownValue('type', [...namedTools, 'namespace', 'web_search', ...bareTools]);
};

const readTools: Read = (item) => item.each('tools', readTool);

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

const readOutput: Read = (item) => {
  if (item.text('call_id') === '' && item.text('name') === '') {
    refuse(missingField(item.at('call_id')));
  }
  item.text('namespace');
  readContent(item, 'output');
};

const readActionOutput: Read = (item) => {
  if (item.text('call_id') === '' && item.text('id') === '') {
    refuse(missingField(item.at('call_id')));
  }
};

// --- Items ---------------------------------------------------------------------------------------

const readReasoning: Read = (item) => {
  item.array('summary');
  item.array('content');
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
  ['image_generation_call', (item) => void item.text('result')],
  ['code_interpreter_call', (item) => void [item.array('outputs'), item.text('code')]],
  ['function_call', readNamedCall('arguments')],
  ['custom_tool_call', readNamedCall('input')],
  // A search of OpenAI's own has no id.
  ['tool_search_call', (item) => void item.text('call_id')],
  ['local_shell_call', readLocalShellCall],
  ['shell_call', readCall],
  ['apply_patch_call', readCall],
  ['function_call_output', readOutput],
  ['custom_tool_call_output', readOutput],
  ['local_shell_call_output', readActionOutput],
  ['shell_call_output', readActionOutput],
  ['apply_patch_call_output', readActionOutput],
  ['tool_search_output', readTools],
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
