// What Google answers, told in OpenAI's words: reasons, sources, code, usage, and answers that are none.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { answer, said, stop } from '../support/asked.ts';
import { ask, eventsOf, failed, served, told } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';
import { choiceOf, modes, tell } from '../support/told.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccounts(2);
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

const text = (of: string): JsonObject => ({ text: of });

describe.each(modes)('an answer, %s,', (mode) => {
  const reasons: [string, string][] = [
    ['STOP', 'stop'],
    ['A_REASON_OF_NEXT_YEAR', 'stop'],
    ['OTHER', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content_filter'],
    ['RECITATION', 'content_filter'],
    ['LANGUAGE', 'content_filter'],
    ['BLOCKLIST', 'content_filter'],
    ['PROHIBITED_CONTENT', 'content_filter'],
    ['SPII', 'content_filter'],
    ['MODEL_ARMOR', 'content_filter'],
    ['IMAGE_SAFETY', 'content_filter'],
    ['IMAGE_PROHIBITED_CONTENT', 'content_filter'],
    ['IMAGE_RECITATION', 'content_filter'],
    ['IMAGE_OTHER', 'content_filter'],
    ['NO_IMAGE', 'stop'],
  ];

  test.for(reasons)('that ends with %s finishes with %s', async ([finishReason, finish]) => {
    answer(google, [said([text('Well')]), said([text('.')], { finishReason })]);
    const choice = choiceOf(await tell(rondo, mode, ask()));
    expect(choice).toMatchObject({ finish, message: { content: 'Well.' } });
  });

  test.for(['SAFETY', 'OTHER', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'IMAGE_SAFETY', 'JAILBREAK'])(
    'to a prompt blocked for %s is an empty choice with content_filter',
    async (reason) => {
      google.fault({}, { kind: 'blocked', reason });
      const choice = choiceOf(await tell(rondo, mode, ask()));
      expect(choice).toMatchObject({ finish: 'content_filter', message: { content: '' } });
      expect(served(google)).toHaveLength(1);
    },
  );

  test.for(['MAX_TOKENS', 'SAFETY'])('of nothing but %s is told honestly', async (finishReason) => {
    answer(google, [said([{ text: 'Hm.', thought: true }]), { finishReason }]);
    const { finish, message } = choiceOf(await tell(rondo, mode, ask()));
    expect(finish).toBe(finishReason === 'SAFETY' ? 'content_filter' : 'length');
    expect(message).toMatchObject({ content: '', reasoning_content: 'Hm.' });
  });

  test('in parts is joined with nothing between', async () => {
    answer(google, [said([text('One '), text('t')]), said([text('wo'), text('.')], stop)]);
    expect(choiceOf(await tell(rondo, mode, ask())).message.content).toBe('One two.');
  });

  test('with parts of unknown kinds keeps the others', async () => {
    answer(google, [said([text('One'), { hologram: { depth: 3 } }, {}, text(' two')], stop)]);
    expect(choiceOf(await tell(rondo, mode, ask())).message.content).toBe('One two');
  });

  test('shows code that ran, and its output, as blocks of their own', async () => {
    const executableCode = { language: 'PYTHON', code: 'print(6 * 7)' };
    const codeExecutionResult = { outcome: 'OUTCOME_OK', output: '42\n' };
    answer(google, [
      said([text('Let me count:'), { executableCode }]),
      said([{ codeExecutionResult }, text('It is 42.')], stop),
    ]);
    expect(choiceOf(await tell(rondo, mode, ask())).message.content).toBe(
      'Let me count:\n```python\nprint(6 * 7)\n```\n```output\n42\n```\nIt is 42.',
    );
  });
});

describe.each(modes)('sources, %s,', (mode) => {
  const chunks = [
    { web: { uri: 'https://a.example/', title: 'A' } },
    { web: { uri: 'https://b.example/', title: 'Bé' } },
  ];
  const cited = (start_index: number, end_index: number, url: string, title: string) => ({
    type: 'url_citation',
    url_citation: { start_index, end_index, url, title },
  });

  test('of grounding stand where their code points are', async () => {
    const segment = { startIndex: 9, endIndex: 15 };
    const support = { segment, groundingChunkIndices: [0, 1] };
    answer(google, [
      said([text('Ja 😀 ')]),
      said([text('Köln.')], {
        ...stop,
        groundingMetadata: { groundingChunks: chunks, groundingSupports: [support] },
      }),
    ]);
    const { message } = choiceOf(await tell(rondo, mode, ask()));
    expect(message.content).toBe('Ja 😀 Köln.');
    // Bytes 8 to 13 are "Köln": here the one after it is cut off at the end.
    expect(message.annotations).toEqual([
      cited(6, 10, 'https://a.example/', 'A'),
      cited(6, 10, 'https://b.example/', 'Bé'),
    ]);
  });

  test('of citations too, each once', async () => {
    // The fifth byte is inside of the fourth letter.
    const source = { startIndex: 0, endIndex: 5, uri: 'https://a.example/' };
    const citationMetadata = { citationSources: [source] };
    answer(google, [
      said([text('Grüß')], { citationMetadata }),
      said([text('e')], { ...stop, citationMetadata }),
    ]);
    const { message } = choiceOf(await tell(rondo, mode, ask()));
    expect(message.annotations).toEqual([cited(0, 4, 'https://a.example/', '')]);
  });

  test('that lead nowhere are left out', async () => {
    const segment = { startIndex: 0, endIndex: 2 };
    const supports = [{ segment, groundingChunkIndices: [7, -1] }, { segment }, {}];
    answer(google, [
      said([text('Hi')], {
        ...stop,
        groundingMetadata: { groundingChunks: chunks, groundingSupports: supports },
      }),
    ]);
    const { message } = choiceOf(await tell(rondo, mode, ask()));
    expect(message).not.toHaveProperty('annotations');
  });
});

describe.each(modes)('usage, %s,', (mode) => {
  test('counts thoughts as completion, the cached as prompt; the last one told wins', async () => {
    const early = { promptTokenCount: 100, candidatesTokenCount: 1, totalTokenCount: 101 };
    const usageMetadata = {
      promptTokenCount: 100,
      cachedContentTokenCount: 60,
      candidatesTokenCount: 7,
      thoughtsTokenCount: 20,
      totalTokenCount: 127,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 90 },
        { modality: 'AUDIO', tokenCount: 10 },
      ],
    };
    const responses = [
      { candidates: [said([text('H')])], usageMetadata: early },
      { candidates: [said([text('i')], stop)], usageMetadata },
    ];
    google.answerNext({}, { responses });
    const { usage } = await tell(rondo, mode, ask());
    expect(usage).toEqual({
      prompt_tokens: 100,
      completion_tokens: 27,
      total_tokens: 127,
      prompt_tokens_details: { cached_tokens: 60, audio_tokens: 10 },
      completion_tokens_details: {
        reasoning_tokens: 20,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    });
  });
});

describe.each(modes)('an answer that is none, %s,', (mode) => {
  const streaming = mode === 'streamed' ? { stream: true } : {};
  const faults: [string, JsonObject, string][] = [
    ['a malformed call', { finishReason: 'MALFORMED_FUNCTION_CALL' }, 'malformed_answer'],
    ['a call of no tool', { finishReason: 'UNEXPECTED_TOOL_CALL' }, 'malformed_answer'],
    ['too many calls', { finishReason: 'TOO_MANY_TOOL_CALLS' }, 'malformed_answer'],
    ['an unsigned call', { finishReason: 'MISSING_THOUGHT_SIGNATURE' }, 'malformed_answer'],
    ['a malformed response', { finishReason: 'MALFORMED_RESPONSE' }, 'malformed_answer'],
    ['nothing', stop, 'empty_answer'],
    ['an empty text', said([text('')], stop), 'empty_answer'],
  ];

  test.for(faults)('being %s, is tried again elsewhere', async ([, candidate]) => {
    answer(google, [candidate]);
    expect(choiceOf(await tell(rondo, mode, ask())).message.content).toBe('You said: Hello');
    expect(new Set(served(google)).size).toBe(2);
  });

  test.for(faults)('being %s everywhere, is an error', async ([, candidate, code]) => {
    for (let time = 0; time < 8; time += 1) answer(google, [candidate]);
    const { status, error } = await failed(rondo.chat(ask('Hello', streaming)));
    expect(status).toBe(502);
    expect(error).toMatchObject({ type: 'server_error', code });
  });

  test('cools no credential', async () => {
    answer(google, [{ finishReason: 'MALFORMED_FUNCTION_CALL' }]);
    await tell(rondo, mode, ask());
    google.reset();
    await told(rondo.chat(ask()));
    await told(rondo.chat(ask()));
    expect(new Set(served(google)).size).toBe(2);
  });
});

test.for(modes)('a reason that explains an empty answer is the answer, %s', async (mode) => {
  answer(google, [{ finishReason: 'NO_IMAGE' }]);
  expect(choiceOf(await tell(rondo, mode, ask())).finish).toBe('stop');
  expect(served(google)).toHaveLength(1);
});

test('a malformed call after the first byte ends the stream with an error', async () => {
  answer(google, [said([text('Well, ')]), { finishReason: 'MALFORMED_FUNCTION_CALL' }]);
  const events = await eventsOf(rondo.chat(ask('Hello', { stream: true })));
  expect(JSON.parse(events.at(-1) ?? '')).toHaveProperty('error.code', 'malformed_answer');
  expect(events.some((event) => event.includes('"finish_reason":"stop"'))).toBe(false);
  expect(served(google)).toHaveLength(1);
});
