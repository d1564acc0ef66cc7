/**
 * Whom the worker lets in: keys, or where they stand. Without an admin key it has no operator's page.
 */
export interface Keys {
  readonly client: string;
  readonly admin: string | undefined;
}

const pageLine = (url: string, admin: string | undefined): string =>
  admin === undefined
    ? `\nThere is no operator's page: it wants an ADMIN_API_KEY in .dev.vars\n`
    : `\nThe operator's page is ${url}/admin; its key is ${admin}\n`;

/** What can be pasted into another terminal, in the project's folder, once the worker serves. */
export const greeting = (url: string, { client, admin }: Keys): string => `
Rondo serves at ${url}/v1. Try it from another terminal:

curl ${url}/v1/chat/completions \\
  -H 'authorization: Bearer ${client}' -H 'content-type: application/json' \\
  -d '{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "Hello!"}]}'

node --input-type=module -e '
import OpenAI from "openai";
const client = new OpenAI({ baseURL: "${url}/v1", apiKey: "${client}" });
const stream = await client.chat.completions.create({
  model: "gemini-3.8-flash", stream: true, messages: [{ role: "user", content: "Hello!" }],
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? "");
console.log();
'
${pageLine(url, admin)}`;
