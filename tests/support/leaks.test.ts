import { expect, test } from 'vitest';
import { leaksIn } from './leaks.ts';
import { startGoogle } from './rondo.ts';

const line = (message: string): string => JSON.stringify({ level: 'warn', event: 'x', message });

/** What a log gives away of one request that a client sent. */
function leaksOf(body: unknown, message: string): string[] {
  const sent = [typeof body === 'string' ? body : JSON.stringify(body)];
  return leaksIn([line(message)], { stubs: [], sent });
}

const prompt = (content: string) => ({ model: 'gemini-3.8-flash', messages: [{ content }] });

/** What a log gives away of one exchange with Google. */
async function leaksOfCall(text: string, message: string, answer?: object): Promise<string[]> {
  const google = await startGoogle();
  const { apiKey } = google.addApiKey();
  if (answer) google.answerNext({}, answer as never);
  const url = `${google.url}/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse`;
  const asked = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': apiKey },
    body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text }] }] }),
  });
  await asked.text();
  return leaksIn([line(message)], { stubs: [google] });
}

const said = (text: string) => ({
  candidates: [{ content: { role: 'model', parts: [{ text }] } }],
});

test('a prompt in the log is found', () => {
  const text = 'What does my landlord owe me?';
  expect(leaksOf(prompt(text), `asked: ${text}`)).toEqual([text]);
});

test('a prompt whose characters are escaped in the log is found', () => {
  const text = 'He said "no"\nand left';
  expect(leaksOf(prompt(text), text)).toEqual([text]);
});

test('the beginning of a long prompt is found', () => {
  const text = 'Dear doctor, for some weeks now I have had a pain in my left knee.';
  expect(leaksOf(prompt(text), text.slice(0, 40))).toEqual([text.slice(0, 32)]);
});

test('a body that is no JSON is a prompt too', () => {
  expect(leaksOf('{"what is wrong', 'in {"what is wrong')).toEqual(['{"what is wrong']);
});

test('arguments of a call are found', () => {
  const call = { function: { name: 'mail', arguments: '{"to":"a@example.com"}' } };
  const body = { messages: [{ tool_calls: [call] }] };
  expect(leaksOf(body, '{"to":"a@example.com"}')).toEqual(['{"to":"a@example.com"}']);
});

test('the model, and texts that are short, may stand in the log', () => {
  expect(leaksOf(prompt('Hello'), 'Hello: gemini-3.8-flash')).toEqual([]);
});

test('a prompt that only Google was seen to be sent is found', async () => {
  const text = 'Summarise the pages of this site';
  expect(await leaksOfCall(text, text, { responses: [said('No.')] })).toEqual([text]);
});

test('an answer is found', async () => {
  expect(await leaksOfCall('Hi', 'You said: Hi!', { responses: [said('You said: Hi!')] })).toEqual([
    'You said: Hi!',
  ]);
});

test('an answer that came in pieces is found', async () => {
  const responses = [said('It owes '), said('you money.')];
  expect(await leaksOfCall('Hi', 'It owes you money.', { responses })).toEqual([
    'It owes you money.',
  ]);
});

test('an answer of which Google was made to send the bytes is found', async () => {
  const bytes = `data: ${JSON.stringify(said('The bytes told it.'))}\r\n\r\n`;
  expect(await leaksOfCall('Hi', 'The bytes told it.', { bytes })).toEqual(['The bytes told it.']);
});

test('a credential is found', async () => {
  const google = await startGoogle();
  const { apiKey } = google.addApiKey();
  expect(leaksIn([line(apiKey)], { stubs: [google] })).toEqual([apiKey]);
});
