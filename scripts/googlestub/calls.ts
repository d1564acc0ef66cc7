import { instanceOf } from './instance.ts';
import { isObject, type JsonObject, objectIn, objectsIn, stringsIn, textIn } from './json.ts';

export interface PlannedCall {
  readonly name: string;
  readonly args: JsonObject;
}

/** What a model says next: calls, or a text when there are none. */
export interface Speech {
  readonly calls: readonly PlannedCall[];
  readonly text: string;
}

/** Plays the model for requests that have passed every check; undefined: the stub speaks for itself. */
export type Play = (request: JsonObject) => Speech | undefined;

export function declarationsOf(request: JsonObject): JsonObject[] {
  return objectsIn(request, 'tools').flatMap((tool) => objectsIn(tool, 'functionDeclarations'));
}

export function partsOf(content: JsonObject | undefined): JsonObject[] {
  return content ? objectsIn(content, 'parts') : [];
}

export function answersCalls(content: JsonObject): boolean {
  const parts = partsOf(content);
  return parts.length > 0 && parts.every((part) => part.functionResponse !== undefined);
}

/** The current turn: all after the last user content that is more than function responses. */
export function currentTurn(contents: readonly JsonObject[]): number {
  const asks = (content: JsonObject): boolean => content.role !== 'model' && !answersCalls(content);
  return contents.findLastIndex(asks) + 1;
}

/** The text that the user said last, whatever tools answered since. */
export function askedText(request: JsonObject): string {
  const contents = objectsIn(request, 'contents');
  const asked = contents[currentTurn(contents) - 1];
  return partsOf(asked)
    .map((part) => textIn(part, 'text') ?? '')
    .join('');
}

/**
 * The calls a simulated model makes: the user names functions in his text, with arguments when he
 * likes, `get_time({"tz":"UTC"}) and get_weather then notify`; `then` begins another round. Mode
 * ANY makes it call something each time.
 */
export function plannedCalls(request: JsonObject): PlannedCall[] {
  const config = objectIn(objectIn(request, 'toolConfig') ?? {}, 'functionCallingConfig') ?? {};
  const mode = (textIn(config, 'mode') ?? 'AUTO').toUpperCase();
  const allowed = stringsIn(config, 'allowedFunctionNames');
  const usable = declarationsOf(request).filter(
    ({ name }) => allowed.length === 0 || allowed.includes(String(name)),
  );
  if (mode === 'NONE' || usable.length === 0) return [];
  const named = callsIn(roundText(request), usable);
  if (named.length > 0 || mode !== 'ANY') return named;
  return usable.slice(0, 1).map((declaration) => planned(declaration, undefined));
}

function roundText(request: JsonObject): string {
  const contents = objectsIn(request, 'contents');
  const rounds = contents
    .slice(currentTurn(contents))
    .filter((content) => partsOf(content).some((part) => part.functionCall !== undefined));
  return askedText(request).split(/\bthen\b/i)[rounds.length] ?? '';
}

function callsIn(text: string, usable: readonly JsonObject[]): PlannedCall[] {
  const calls: PlannedCall[] = [];
  for (const match of text.matchAll(/[A-Za-z_][A-Za-z0-9_.:-]*/g)) {
    const name = match[0].replace(/[.:-]+$/, '');
    const declaration = usable.find((candidate) => candidate.name === name);
    const end = match.index + name.length;
    if (declaration) calls.push(planned(declaration, argumentsAt(text, end)));
  }
  return calls;
}

function argumentsAt(text: string, start: number): JsonObject | undefined {
  if (text[start] !== '(') return undefined;
  for (let end = text.indexOf(')', start); end > 0; end = text.indexOf(')', end + 1)) {
    try {
      const value: unknown = JSON.parse(text.slice(start + 1, end));
      return isObject(value) ? value : undefined;
    } catch {
      // A bracket inside a string ended it too early: try the next one.
    }
  }
  return undefined;
}

function planned(declaration: JsonObject, args: JsonObject | undefined): PlannedCall {
  const schema = declaration.parametersJsonSchema ?? declaration.parameters;
  const made = schema === undefined ? {} : instanceOf(schema);
  return { name: String(declaration.name), args: args ?? (isObject(made) ? made : {}) };
}
