// What is looked at after a run.
import { partsOf } from '../googlestub/calls.ts';
import { isObject, type Json, type JsonObject, objectsIn, textIn } from '../googlestub/json.ts';
import type { Call } from '../googlestub/record.ts';
import type { Dialect } from './agent.ts';
import type { End } from './run.ts';
import { finalText, givenFiles, shellFile, writtenFile } from './task.ts';

/** What a run left behind. */
export interface Traces {
  /** What the agent speaks. */
  readonly dialect?: Dialect;
  readonly end: End;
  readonly printed: string;
  /** Contents of files in the working folder; null where there is none. */
  readonly files: Readonly<Record<string, string | null>>;
  /** What Google was asked, in its order. */
  readonly calls: readonly Pick<Call, 'kind' | 'status' | 'body' | 'answer'>[];
}

/** Of the calls in Google's requests that must be signed: whose signatures they had. */
export interface Signatures {
  readonly real: number;
  readonly dummy: number;
}

export interface Verdict {
  /** Empty: passed. */
  readonly faults: readonly string[];
  readonly signatures: Signatures;
}

export function verdictOf(traces: Traces): Verdict {
  const signatures = signaturesIn(traces);
  const faults = [
    ...endFaults(traces.end),
    ...fileFaults(traces.files),
    ...(shows(traces.printed, finalText) ? [] : ['did not show the final text']),
    ...refusals(traces),
    ...resultFaults(traces),
    ...signatureFaults(signatures),
  ];
  return { faults, signatures };
}

function endFaults(end: End): string[] {
  if (end === 'too late') return ['was not ready in time'];
  return end.code === 0 ? [] : [`ended with ${end.code}`];
}

function fileFaults(files: Traces['files']): string[] {
  return [writtenFile, shellFile].flatMap(({ name, content }) => {
    const found = files[name] ?? null;
    if (found === null) return [`did not write ${name}`];
    // Some agents' tools end a file with a line break, or take one off.
    return found.trimEnd() === content.trimEnd() ? [] : [`wrote something else into ${name}`];
  });
}

/** Terminals' escape sequences and line breaks may stand between the words. */
function shows(printed: string, text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
  const plain = printed.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
  return plain.replace(/\s+/g, ' ').includes(text);
}

/**
 * A body in Google's own dialect is mended only once Google has refused it: then the same conversation is
 * taken right behind.
 */
function isMended({ dialect, calls }: Traces, index: number): boolean {
  if (dialect !== 'gemini') return false;
  const [refused, next] = [calls[index], calls[index + 1]];
  return next?.status === 200 && isSame(refused?.body, next.body);
}

function isSame(one: Json | undefined, other: Json): boolean {
  const contents = [one, other].map((body) => (isObject(body) ? body.contents : undefined));
  return contents[0] !== undefined && JSON.stringify(contents[0]) === JSON.stringify(contents[1]);
}

function refusals(traces: Traces): string[] {
  return traces.calls
    .filter(({ status }, index) => status !== 200 && !isMended(traces, index))
    .map(({ kind, status, answer }) => `Google refused (${kind}, ${status}): ${answer ?? ''}`);
}

/** That the agent's tools worked shows in what the model was told of them. */
function resultFaults({ calls }: Traces): string[] {
  const told = JSON.stringify(calls.map(({ body }) => responsesIn(body)));
  return Object.entries(givenFiles)
    .filter(([, content]) => !told.includes(inJson(content.trimEnd())))
    .map(([name]) => `did not tell the model what is in ${name}`);
}

/** Twice in quotes: tools' results often are JSON in a text. */
function inJson(text: string): string {
  return (text.match(/\w[\w ]*/g) ?? [''])[0];
}

function responsesIn(body: Call['body']): JsonObject[] {
  return partsIn(body).filter((part) => part.functionResponse !== undefined);
}

function partsIn(body: Call['body']): JsonObject[] {
  return isObject(body) ? objectsIn(body, 'contents').flatMap(partsOf) : [];
}

const dummies = ['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go'];

function signaturesIn({ calls }: Traces): Signatures {
  const signed = calls
    .flatMap(({ body }) => partsIn(body))
    .filter((part) => part.functionCall !== undefined)
    .flatMap((part) => textIn(part, 'thoughtSignature') ?? []);
  const dummy = signed.filter((signature) => dummies.includes(signature)).length;
  return { real: signed.length - dummy, dummy };
}

/** Each dialect has a place for them. */
function signatureFaults({ dummy }: Signatures): string[] {
  return dummy === 0 ? [] : [`lost ${dummy} thought signatures`];
}
