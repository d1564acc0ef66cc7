import { currentTurn, partsOf } from './calls.ts';
import { type JsonObject, objectIn, objectsIn, textIn } from './json.ts';
import type { Scene } from './rules.ts';
import { first, stepsOf } from './turns.ts';

/** https://ai.google.dev/gemini-api/docs/thought-signatures */
export function signatureFault(scene: Scene): string | null {
  const contents = stepsOf(objectsIn(scene.request, 'contents'));
  const start = currentTurn(contents);
  return (
    first(contents, (content) => foreignFault(content, scene)) ??
    first(contents, (content, index) =>
      index < start ? null : missingFault(content, index, scene),
    )
  );
}

function foreignFault(content: JsonObject, scene: Scene): string | null {
  return first(partsOf(content), (part) => {
    const signature = textIn(part, 'thoughtSignature');
    if (!signature || scene.acceptsSignature(signature, part)) return null;
    return 'Corrupted thought signature.';
  });
}

function missingFault(content: JsonObject, index: number, { family }: Scene): string | null {
  const signed = partsOf(content).find((part) => part.functionCall !== undefined);
  if (!family.signatures || !signed || textIn(signed, 'thoughtSignature')) return null;
  const name = textIn(objectIn(signed, 'functionCall') ?? {}, 'name');
  return (
    'Function call is missing a thought_signature in functionCall parts. This is required for ' +
    'tools to work correctly, and missing thought_signature may lead to degraded model ' +
    `performance. Additional data, function call \`default_api:${name}\`, position ${index + 1}.`
  );
}
