// The model's part in the agents' task: what it calls next with the tools that it is told of.
import { describe, expect, test } from 'vitest';
import { playAt } from '../../scripts/agents/play.ts';
import { finalText, prompt, Workplace, writtenFile } from '../../scripts/agents/task.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';

const play = playAt(new Workplace('/work'));

/** A function with these parameters. */
const tool = (name: string, ...parameters: string[]): JsonObject => ({
  name,
  parametersJsonSchema: {
    type: 'object',
    properties: Object.fromEntries(parameters.map((each) => [each, { type: 'string' }])),
  },
});

const pi = [tool('read', 'path'), tool('write', 'path', 'content'), tool('bash', 'command')];
const openCode = [tool('read', 'filePath'), tool('bash', 'command')];
const copilot = [tool('view', 'path'), tool('bash', 'command')];
const codex = [tool('exec_command', 'cmd'), tool('write_stdin', 'chars')];

/** The calls of a step and their answers, whatever they were. */
const step: JsonObject[] = [
  { role: 'model', parts: [{ functionCall: { name: 'read', args: {} } }] },
  { role: 'user', parts: [{ functionResponse: { name: 'read', response: {} } }] },
];

const request = (tools: JsonObject[], steps = 0, asked = prompt): JsonObject => ({
  tools: tools.length > 0 ? [{ functionDeclarations: tools }] : [],
  contents: [
    { role: 'user', parts: [{ text: `Today is Friday. ${asked}` }] },
    ...Array.from({ length: steps }, () => step).flat(),
  ],
});

const callsAt = (tools: JsonObject[], steps: number) => play(request(tools, steps))?.calls;

describe('the model', () => {
  test('looks round first, with the tool that lists', () => {
    expect(callsAt(copilot, 0)).toEqual([{ name: 'view', args: { path: '/work' } }]);
  });

  test('looks round by the shell where nothing lists', () => {
    expect(callsAt(pi, 0)).toEqual([{ name: 'bash', args: { command: "ls '/work'" } }]);
  });

  test('reads two files at once, then', () => {
    expect(callsAt(pi, 1)).toEqual([
      { name: 'read', args: { path: '/work/notes.txt' } },
      { name: 'read', args: { path: '/work/data.json' } },
    ]);
  });

  test('gives a tool the arguments alone that it has', () => {
    expect(callsAt(openCode, 1)?.[0]?.args).toEqual({ filePath: '/work/notes.txt' });
  });

  test('writes one file after that', () => {
    const args = { path: '/work/report.txt', content: writtenFile.content };
    expect(callsAt(pi, 2)).toEqual([{ name: 'write', args }]);
  });

  test('runs a command at last', () => {
    expect(callsAt(pi, 3)?.map(({ name }) => name)).toEqual(['bash']);
  });

  test('does all of it by the shell where there is nothing else', () => {
    const calls = [0, 1, 2, 3].map((steps) => callsAt(codex, steps)?.length);
    expect(calls).toEqual([1, 2, 1, 1]);
  });

  test('leaves out a step for which there is no tool', () => {
    const reader = [tool('read', 'path')];
    expect([0, 1].map((steps) => callsAt(reader, steps)?.length)).toEqual([2, 0]);
  });

  test('answers in text when all is done', () => {
    expect(play(request(pi, 4))).toEqual({ calls: [], text: finalText });
  });

  test('begins anew when the task is given again', () => {
    const again = request(pi, 4);
    const contents = [
      ...(again.contents as JsonObject[]),
      ...(request(pi).contents as JsonObject[]),
    ];
    expect(play({ ...again, contents })?.calls).toEqual(callsAt(pi, 0));
  });

  test('does no work when it was asked for something else', () => {
    const asked = play(request(pi, 0, 'What is worth remembering?'));
    expect(asked?.calls).toEqual([]);
    expect(asked?.text).not.toBe(finalText);
  });

  test('leaves requests without tools to the stub', () => {
    expect(play(request([]))).toBeUndefined();
  });
});
