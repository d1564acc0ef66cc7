// What is held against an agent after its run.
import { expect, test } from 'vitest';
import { finalText, givenFiles, shellFile, writtenFile } from '../../scripts/agents/task.ts';
import { type Traces, verdictOf } from '../../scripts/agents/verdict.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';

const call = (thoughtSignature?: string): JsonObject => ({
  functionCall: { name: 'read', args: {} },
  ...(thoughtSignature ? { thoughtSignature } : {}),
});

const response = (output: string): JsonObject => ({
  functionResponse: { name: 'read', response: { output } },
});

const results = Object.values(givenFiles).map((content) => response(content));

const asked = (...parts: JsonObject[]) => ({
  kind: 'generate' as const,
  status: 200,
  answer: '',
  body: { contents: [{ role: 'model', parts }] },
});

const good: Traces = {
  end: { code: 0 },
  printed: `Thinking…\n${finalText}\n`,
  files: { [writtenFile.name]: writtenFile.content, [shellFile.name]: shellFile.content },
  calls: [asked(), asked(call('c2lnbmVk'), call(), ...results)],
};

const faultsOf = (changed: Partial<Traces>): readonly string[] =>
  verdictOf({ ...good, ...changed }).faults;

test('an agent that did all passes, and its signatures are counted', () => {
  expect(verdictOf(good)).toEqual({ faults: [], signatures: { real: 1, dummy: 0 } });
});

test('an exit code other than 0 is told', () => {
  expect(faultsOf({ end: { code: 3 } })).toEqual(['ended with 3']);
});

test('a run that had to be ended is told', () => {
  expect(faultsOf({ end: 'too late' })).toEqual(['was not ready in time']);
});

test('a file that is missing is told', () => {
  const files = { ...good.files, [writtenFile.name]: null };
  expect(faultsOf({ files })).toEqual(['did not write report.txt']);
});

test('a refusal is told, but for one that was mended where bodies are passed on as they come', () => {
  const [first, ...rest] = good.calls;
  const calls = [{ ...asked(), status: 400 }, ...(first ? [first] : []), ...rest];
  expect(faultsOf({ calls })).toEqual([expect.stringMatching(/^Google refused/)]);
  expect(faultsOf({ calls, dialect: 'gemini' })).toEqual([]);
  const last = [...good.calls, { ...asked(), status: 400 }];
  expect(faultsOf({ calls: last, dialect: 'gemini' })).toHaveLength(1);
});

test('a file with another content is told', () => {
  const files = { ...good.files, [shellFile.name]: '18\n' };
  expect(faultsOf({ files })).toEqual(['wrote something else into counted.txt']);
});

test('a last line break more or less is the same content', () => {
  const files = { ...good.files, [writtenFile.name]: writtenFile.content.trimEnd() };
  expect(faultsOf({ files })).toEqual([]);
});

test('a final text that was not shown is told', () => {
  expect(faultsOf({ printed: 'Done.' })).toEqual(['did not show the final text']);
});

test('a final text with colours and broken lines is seen', () => {
  const printed = finalText.replace(' waits,', ' \u001b[1mwaits,\u001b[0m\n');
  expect(faultsOf({ printed })).toEqual([]);
});

test("Google's refusal is told in its words", () => {
  const refused = { ...asked(), status: 400, answer: 'Corrupted thought signature.' };
  expect(faultsOf({ calls: [...good.calls, refused] })).toEqual([
    'Google refused (generate, 400): Corrupted thought signature.',
  ]);
});

test('a tool whose result did not reach the model is told', () => {
  const calls = [asked(call('c2lnbmVk'), ...results.slice(0, 1))];
  expect(faultsOf({ calls })).toEqual(['did not tell the model what is in data.json']);
});

test('a signature that did not come back is told and counted', () => {
  const calls = [asked(call('skip_thought_signature_validator'), call('c2lnbmVk'), ...results)];
  expect(verdictOf({ ...good, calls })).toEqual({
    faults: ['lost 1 thought signatures'],
    signatures: { real: 1, dummy: 1 },
  });
});
