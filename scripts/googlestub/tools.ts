import { declarationsOf } from './calls.ts';
import { isObject, type JsonObject, objectIn, objectsIn, stringsIn, textIn } from './json.ts';
import { deepestSchema, jsonSchemaFault } from './jsonschemas.ts';
import { declaredNamesFault } from './names.ts';
import type { Scene } from './rules.ts';
import { depthOf, type SchemaPlace, schemaFault } from './schemas.ts';
import { first } from './turns.ts';

/**
 * What is wrong with `tools` and `toolConfig`:
 * https://ai.google.dev/gemini-api/docs/function-calling
 */
export function toolsFault(scene: Scene): string | null {
  const tools = objectsIn(scene.request, 'tools');
  return (
    declaredNamesFault(scene) ??
    first(tools, (tool, index) => toolFault(tool, index, scene)) ??
    mixtureFault(tools, scene) ??
    declarationsFault(scene) ??
    callingFault(scene) ??
    answerSchemaFault(scene)
  );
}

function toolFault(tool: JsonObject, index: number, scene: Scene): string | null {
  const place = `tools[${index}]`;
  if (Object.keys(tool).length === 0) {
    const text = "required one_of 'tool_type' must have one initialized field";
    return `* GenerateContentRequest.${place}.tool_type: ${text}\n`;
  }
  // https://ai.google.dev/gemini-api/docs/google-search: of 1.5 alone. The words are a guess.
  if (tool.googleSearchRetrieval !== undefined && !/^gemini-1/.test(scene.model)) {
    return 'google_search_retrieval is not supported. Please use google_search tool instead.';
  }
  return first(objectsIn(tool, 'functionDeclarations'), (declaration, number) =>
    declarationFault(declaration, `${place}.function_declarations[${number}]`, scene),
  );
}

function declarationFault(declaration: JsonObject, place: string, scene: Scene): string | null {
  const name = textIn(declaration, 'name') ?? '';
  const { parameters, parametersJsonSchema } = declaration;
  const form = formFault(declaration, place);
  if (form !== null) return form;
  if (isObject(parameters)) {
    const inner = { field: `${place}.parameters`, tool: name };
    return (
      rootFault(parameters.type === 'OBJECT', name) ?? ownSchemaFault(parameters, inner, scene)
    );
  }
  if (parametersJsonSchema === undefined) return null;
  const inner = `${place}.parameters_json_schema`;
  if (!scene.family.jsonSchema)
    return `* GenerateContentRequest.${inner}: not supported for this model\n`;
  const isRoot = isObject(parametersJsonSchema) && parametersJsonSchema.type === 'object';
  return rootFault(isRoot, name) ?? jsonSchemaFault(parametersJsonSchema, tooDeep(name));
}

/** Schemas in one form each, and nothing of conversations that are live. The words are a guess. */
function formFault(declaration: JsonObject, place: string): string | null {
  const at = `* GenerateContentRequest.${place}`;
  for (const field of ['parameters', 'response']) {
    const { [field]: own, [`${field}JsonSchema`]: json } = declaration;
    if (own === undefined || json === undefined) continue;
    return `${at}: ${field} and ${field}_json_schema are both set\n`;
  }
  const { behavior = 'UNSPECIFIED' } = declaration;
  return behavior === 'UNSPECIFIED'
    ? null
    : `${at}.behavior: only supported by BidiGenerateContent\n`;
}

/** Quoted of `parameters`; said of a JSON Schema too, which takes the same way into the model. */
function rootFault(isObjectSchema: boolean, name: string): string | null {
  if (isObjectSchema) return null;
  const place = `\`${name}\` functionDeclaration \`parameters\` schema`;
  return `Unable to submit request because ${place} should be of type OBJECT.`;
}

function tooDeep(name: string | null): string {
  const what = name === null ? 'A schema in GenerationConfig' : `FunctionDeclaration '${name}'`;
  return `${what} in the request exceeds the maximum allowed nesting depth.`;
}

function ownSchemaFault(schema: JsonObject, place: SchemaPlace, { backend }: Scene): string | null {
  if (depthOf(schema) > deepestSchema + 1) return tooDeep(place.tool);
  return schemaFault(schema, place, backend);
}

const onlySearch = 'Multiple tools are supported only when they are all search tools.';
const notMixed = 'Tool use with function calling is unsupported';
const notEnabled =
  'Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with ' +
  'Function calling.';

/** Functions stand in one tool, and beside built-in tools only where a family allows it. */
function mixtureFault(tools: readonly JsonObject[], scene: Scene): string | null {
  const { family, backend, request } = scene;
  if (declarationsOf(request).length === 0) return null;
  if (tools.filter((tool) => tool.functionDeclarations !== undefined).length > 1) return onlySearch;
  const builtIn = tools.some((tool) =>
    Object.keys(tool).some((key) => key !== 'functionDeclarations'),
  );
  if (!builtIn) return null;
  if (!family.mixedTools) return backend === 'vertex' ? onlySearch : notMixed;
  const config = objectIn(request, 'toolConfig');
  // Vertex doesn't know the field.
  return backend === 'vertex' || config?.includeServerSideToolInvocations === true
    ? null
    : notEnabled;
}

function declarationsFault({ request, family }: Scene): string | null {
  const names = declarationsOf(request).map(({ name }) => String(name));
  if (names.length > family.functions) {
    return `At most ${family.functions} function declarations are allowed.`;
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? null : `Duplicate function declaration found: ${twice}`;
}

/**
 * In words that many callers quote of the Gemini API, the first whatever the mode. Some say that Vertex AI takes modes
 * without functions, and others that it doesn't. That VALIDATED goes with names as ANY does is documented.
 */
function callingFault({ request }: Scene): string | null {
  const config = objectIn(objectIn(request, 'toolConfig') ?? {}, 'functionCallingConfig');
  if (!config) return null;
  const names = declarationsOf(request).map(({ name }) => String(name));
  if (names.length === 0) return 'Function calling config is set without function_declarations.';
  const allowed = stringsIn(config, 'allowedFunctionNames');
  const mode = textIn(config, 'mode') ?? 'AUTO';
  if (allowed.length > 0 && mode !== 'ANY' && mode !== 'VALIDATED') {
    return 'Please set allowed_function_names only when function calling mode is ANY.';
  }
  return allowed.every((name) => names.includes(name))
    ? null
    : 'allowed_function_names should be a subset of the provided function_declarations.';
}

function answerSchemaFault(scene: Scene): string | null {
  const config = objectIn(scene.request, 'generationConfig') ?? {};
  const { responseSchema, responseJsonSchema } = config;
  const place = { field: 'generation_config.response_schema', tool: null };
  if (isObject(responseSchema)) return ownSchemaFault(responseSchema, place, scene);
  return responseJsonSchema === undefined
    ? null
    : jsonSchemaFault(responseJsonSchema, tooDeep(null));
}
