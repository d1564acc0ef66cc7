import { declarationsOf } from './calls.ts';
import { isObject, type JsonObject, objectIn, objectsIn, stringsIn, textIn } from './json.ts';
import type { Scene } from './rules.ts';
import { jsonSchemaFault, schemaFault } from './schemas.ts';
import { first } from './turns.ts';

const mostDeclarations = 512;

/**
 * What is wrong with `tools` and `toolConfig`:
 * https://ai.google.dev/gemini-api/docs/function-calling
 */
export function toolsFault(scene: Scene): string | null {
  const tools = objectsIn(scene.request, 'tools');
  return (
    first(tools, (tool, index) => toolFault(tool, index, scene)) ??
    mixtureFault(tools, scene) ??
    namesFault(scene) ??
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
  return first(objectsIn(tool, 'functionDeclarations'), (declaration, number) =>
    declarationFault(declaration, `${place}.function_declarations[${number}]`, scene),
  );
}

function declarationFault(declaration: JsonObject, place: string, scene: Scene): string | null {
  const { nameLength, jsonSchema } = scene.family;
  const name = textIn(declaration, 'name') ?? '';
  if (!/^[A-Za-z_][A-Za-z0-9_.:-]*$/.test(name) || name.length > nameLength) {
    return (
      `* GenerateContentRequest.${place}.name: [FIELD_INVALID] Invalid function name. Must start ` +
      'with a letter or an underscore. Must be alphameric (a-z, A-Z, 0-9), underscores (_), dots ' +
      `(.), colons (:), or dashes (-), with a maximum length of ${nameLength}.\n`
    );
  }
  const { parameters, parametersJsonSchema } = declaration;
  if (parameters !== undefined && parametersJsonSchema !== undefined) {
    const text = 'parameters and parameters_json_schema are both set';
    return `* GenerateContentRequest.${place}: ${text}\n`;
  }
  if (isObject(parameters)) return parametersFault(parameters, `${place}.parameters`);
  if (parametersJsonSchema === undefined) return null;
  const inner = `${place}.parameters_json_schema`;
  if (!jsonSchema) return `* GenerateContentRequest.${inner}: not supported for this model\n`;
  if (!isObject(parametersJsonSchema) || !describesObject(parametersJsonSchema)) {
    return `* GenerateContentRequest.${inner}: parameters schema should be of type OBJECT\n`;
  }
  return jsonSchemaFault(parametersJsonSchema, inner);
}

function parametersFault(parameters: JsonObject, place: string): string | null {
  if (parameters.type !== 'OBJECT') {
    return `* GenerateContentRequest.${place}: parameters schema should be of type OBJECT\n`;
  }
  return schemaFault(parameters, place);
}

function describesObject({ type, $ref, properties }: JsonObject): boolean {
  if (typeof type === 'string') return type.toLowerCase() === 'object';
  return $ref !== undefined || properties !== undefined;
}

function mixtureFault(tools: readonly JsonObject[], { family, request }: Scene): string | null {
  if (family.mixedTools || declarationsOf(request).length === 0) return null;
  const builtIn = tools.some((tool) =>
    Object.keys(tool).some((key) => key !== 'functionDeclarations'),
  );
  return builtIn ? 'Tool use with function calling is unsupported' : null;
}

function namesFault({ request }: Scene): string | null {
  const names = declarationsOf(request).map(({ name }) => String(name));
  if (names.length > mostDeclarations) {
    return `At most ${mostDeclarations} function declarations are allowed.`;
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? null : `Duplicate function declaration found: ${twice}`;
}

function callingFault({ request }: Scene): string | null {
  const config = objectIn(objectIn(request, 'toolConfig') ?? {}, 'functionCallingConfig');
  if (!config) return null;
  const mode = textIn(config, 'mode') ?? 'AUTO';
  const names = declarationsOf(request).map(({ name }) => String(name));
  const forced = mode === 'ANY' || mode === 'VALIDATED';
  if (forced && names.length === 0) {
    return 'Function calling config is set without function_declarations.';
  }
  const allowed = stringsIn(config, 'allowedFunctionNames');
  if (allowed.length > 0 && !forced) {
    return 'Function calling config: allowed_function_names needs mode ANY or VALIDATED.';
  }
  const unknown = allowed.find((name) => !names.includes(name));
  if (unknown === undefined) return null;
  return `Function calling config: allowed function "${unknown}" is not declared.`;
}

function answerSchemaFault({ request }: Scene): string | null {
  const config = objectIn(request, 'generationConfig') ?? {};
  const { responseSchema, responseJsonSchema } = config;
  const place = 'generation_config.response_schema';
  if (isObject(responseSchema)) return schemaFault(responseSchema, place);
  if (responseJsonSchema === undefined) return null;
  return jsonSchemaFault(responseJsonSchema, 'generation_config.response_json_schema');
}
