import { partsOf } from './calls.ts';
import type { ApiBackend } from './families.ts';
import { isObject, type JsonObject, objectIn, objectsIn, textIn } from './json.ts';
import type { Scene } from './rules.ts';

interface Fault {
  /** The path in the request: `tools[0].function_declarations[0].name`. */
  readonly field: string;
  readonly kind: keyof typeof words;
  readonly longest: number;
}

type Said = Readonly<Record<ApiBackend, string>>;

/**
 * Of functions as callers quote it: https://github.com/google-gemini/gemini-cli/issues/9535 of the Gemini API,
 * https://github.com/cloudflare/agents/issues/406 of Vertex AI. Of parameters only the rule is known,
 * https://cloud.google.com/vertex-ai/docs/reference/rest/v1/FunctionDeclaration, and the words are made alike.
 */
const words = {
  function: {
    gemini:
      'Invalid function name. Must start with a letter or an underscore. Must be alphameric ' +
      '(a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-)',
    vertex:
      'Invalid function name. Must start with a letter or an underscore. Must be a-z, A-Z, 0-9, or ' +
      'contain underscores (_), dots (.), colons (:), or dashes (-)',
  },
  parameter: {
    gemini:
      'Invalid parameter name. Must start with a letter or an underscore. Must be alphameric ' +
      '(a-z, A-Z, 0-9) or underscores (_)',
    vertex:
      'Invalid parameter name. Must start with a letter or an underscore. Must be a-z, A-Z, 0-9, or ' +
      'contain underscores (_)',
  },
} satisfies Record<string, Said>;

const forms = {
  function: /^[A-Za-z_][A-Za-z0-9_.:-]*$/,
  parameter: /^[A-Za-z_][A-Za-z0-9_]*$/,
};

const longestParameter = 64;

/** Either back-end tells all such faults at once. */
function told(faults: readonly Fault[], backend: ApiBackend): string | null {
  if (faults.length === 0) return null;
  const lines = faults.map(({ field, kind, longest }) => {
    const text = `${words[kind][backend]}, with a maximum length of ${longest}.`;
    return backend === 'gemini'
      ? `* GenerateContentRequest.${field}: ${text}\n`
      : `\n  * ${field}: [FIELD_INVALID] ${text}`;
  });
  const head = backend === 'gemini' ? '' : 'The GenerateContentRequest proto is invalid:';
  return head + lines.join('');
}

function faultOf(name: string, field: string, kind: Fault['kind'], longest: number): Fault[] {
  const isFit = forms[kind].test(name) && name.length <= longest;
  return isFit ? [] : [{ field, kind, longest }];
}

/** The names of declared functions, and of their parameters. */
export function declaredNamesFault({ request, family, backend }: Scene): string | null {
  const faults = objectsIn(request, 'tools').flatMap((tool, index) =>
    objectsIn(tool, 'functionDeclarations').flatMap((declaration, number) => {
      const place = `tools[${index}].function_declarations[${number}]`;
      const name = textIn(declaration, 'name') ?? '';
      return [
        ...faultOf(name, `${place}.name`, 'function', family.nameLength),
        ...parameterFaults(declaration, place),
      ];
    }),
  );
  return told(faults, backend);
}

/**
 * The rule stands at `parameters`, of a function's parameters: not of what is further inside of one. That it goes
 * for a JSON Schema as well is a guess.
 */
function parameterFaults(declaration: JsonObject, place: string): Fault[] {
  return Object.entries({
    parameters: 'parameters',
    parametersJsonSchema: 'parameters_json_schema',
  }).flatMap(([key, field]) =>
    Object.keys(objectIn(objectIn(declaration, key) ?? {}, 'properties') ?? {}).flatMap((name) =>
      faultOf(name, `${place}.${field}.properties[${name}]`, 'parameter', longestParameter),
    ),
  );
}

const named = { functionCall: 'function_call', functionResponse: 'function_response' };

/** Those of a conversation's calls and results. That they obey the rule of declared ones is a guess. */
export function calledNamesFault({ request, family, backend }: Scene): string | null {
  const faults = objectsIn(request, 'contents').flatMap((content, index) =>
    partsOf(content).flatMap((part, number) =>
      Object.entries(named).flatMap(([key, field]) => {
        const { [key]: call } = part;
        if (!isObject(call)) return [];
        const place = `contents[${index}].parts[${number}].${field}.name`;
        return faultOf(textIn(call, 'name') ?? '', place, 'function', family.nameLength);
      }),
    ),
  );
  return told(faults, backend);
}
