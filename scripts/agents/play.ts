// The model's part in the task: which calls it makes next with the tools that an agent declares.
import {
  askedText,
  currentTurn,
  declarationsOf,
  type PlannedCall,
  type Play,
  partsOf,
} from '../googlestub/calls.ts';
import { type JsonObject, objectsIn } from '../googlestub/json.ts';
import { finalText, givenFiles, prompt, shellFile, type Workplace, writtenFile } from './task.ts';
import { callFor, type Deed } from './tools.ts';

/** What is done at once, step by step. */
function stepsAt(place: Workplace): Deed[][] {
  const [counted, report] = [place.path(shellFile.name), place.path(writtenFile.name)];
  return [
    [{ kind: 'list', folder: place.folder }],
    Object.keys(givenFiles).map((name) => ({ kind: 'read', path: place.path(name) })),
    [{ kind: 'write', path: report, content: writtenFile.content }],
    [{ kind: 'shell', command: `grep -o 17 '${place.path('data.json')}' > '${counted}'` }],
  ];
}

/** What is said of all that agents ask beside the task, such as what to remember of it. */
const nothing = { calls: [], text: 'Nothing.' };

/**
 * What the model says next, by the steps that it has made since it was given the task. A request
 * without tools, for a title say, is left to the stub.
 */
export function playAt(place: Workplace): Play {
  const steps = stepsAt(place);
  return (request) => {
    const declared = declarationsOf(request);
    if (declared.length === 0) return undefined;
    if (!askedText(request).includes(prompt)) return nothing;
    const rounds = steps.map((step) => callsOf(step, declared)).filter(({ length }) => length > 0);
    return { calls: rounds[roundsIn(request)] ?? [], text: finalText };
  };
}

function callsOf(step: readonly Deed[], declared: readonly JsonObject[]): PlannedCall[] {
  return step.flatMap((deed) => callFor(deed, declared) ?? []);
}

/** The steps of the current turn. */
function roundsIn(request: JsonObject): number {
  const contents = objectsIn(request, 'contents');
  return contents.slice(currentTurn(contents)).filter(hasCalls).length;
}

function hasCalls(content: JsonObject): boolean {
  return partsOf(content).some((part) => part.functionCall !== undefined);
}
