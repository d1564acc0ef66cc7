import { partsOf } from './calls.ts';
import type { ApiBackend } from './families.ts';
import { isObject, objectsIn, textIn } from './json.ts';
import type { Scene } from './rules.ts';

interface Fault {
  /** The path in the request: `tools[0].function_declarations[0].name`. */
  readonly field: string;
  readonly longest: number;
}

/**
 * As callers quote it: https://github.com/google-gemini/gemini-cli/issues/9535 of the Gemini API,
 * https://github.com/cloudflare/agents/issues/406 of Vertex AI.
 */
const words: Readonly<Record<ApiBackend, string>> = {
  gemini:
    'Invalid function name. Must start with a letter or an underscore. Must be alphameric ' +
    '(a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-)',
  vertex:
    'Invalid function name. Must start with a letter or an underscore. Must be a-z, A-Z, 0-9, or ' +
    'contain underscores (_), dots (.), colons (:), or dashes (-)',
};

const form = /^[A-Za-z_][A-Za-z0-9_.:-]*$/;

/** Either back-end tells all such faults at once. */
function told(faults: readonly Fault[], backend: ApiBackend): string | null {
  if (faults.length === 0) return null;
  const lines = faults.map(({ field, longest }) => {
    const text = `${words[backend]}, with a maximum length of ${longest}.`;
    return backend === 'gemini'
      ? `* GenerateContentRequest.${field}: ${text}\n`
      : `\n  * ${field}: [FIELD_INVALID] ${text}`;
  });
  const head = backend === 'gemini' ? '' : 'The GenerateContentRequest proto is invalid:';
  return head + lines.join('');
}

function faultOf(name: string, field: string, longest: number): Fault[] {
  const isFit = form.test(name) && name.length <= longest;
  return isFit ? [] : [{ field, longest }];
}

/**
 * The names of declared functions. Of those of parameters a rule is documented too
 * (https://cloud.google.com/vertex-ai/docs/reference/rest/v1/FunctionDeclaration), but agents send `-A` and `-i`, and
 * nobody was ever refused for them.
 */
export function declaredNamesFault({ request, family, backend }: Scene): string | null {
  const faults = objectsIn(request, 'tools').flatMap((tool, index) =>
    objectsIn(tool, 'functionDeclarations').flatMap((declaration, number) => {
      const place = `tools[${index}].function_declarations[${number}]`;
      const name = textIn(declaration, 'name') ?? '';
      return faultOf(name, `${place}.name`, family.nameLength);
    }),
  );
  return told(faults, backend);
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
        return faultOf(textIn(call, 'name') ?? '', place, family.nameLength);
      }),
    ),
  );
  return told(faults, backend);
}
