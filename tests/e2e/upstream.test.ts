// What a back-end may do to Rondo beyond what Google's stand-in does.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { ask } from '../support/chat.ts';
import { Uploading } from '../support/client.ts';
import { clientKey, type Rondo, startRondo } from '../support/rondo.ts';

const megabyte = 1024 * 1024;
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A server of the test's own, and its address. */
async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const startWith = (url: string): Promise<Rondo> =>
  startRondo({ vars: { GCP_SERVICE_ACCOUNT_1: 'AIza-upstream-5d1', GEMINI_BASE_URL: url } });

test.for([301, 302, 303, 307, 308])(
  'a redirect (%i) is not followed: the key would travel along',
  async (status) => {
    const strangers: (string | undefined)[] = [];
    const elsewhere = await serve(({ url }, response) => {
      strangers.push(url);
      response.end('{}');
    });
    const asked: (string | string[] | undefined)[] = [];
    const google = await serve(({ headers }, response) => {
      asked.push(headers['x-goog-api-key']);
      response.writeHead(status, { location: `${elsewhere}/stolen` }).end();
    });
    const rondo = await startWith(google);
    const answer = await rondo.chat(ask());
    expect(answer.status).toBeGreaterThanOrEqual(500);
    await answer.text();
    expect(asked[0]).toBe('AIza-upstream-5d1');
    expect(strangers).toEqual([]);
  },
);

describe('a client that does not read', () => {
  const text = 'x'.repeat(64 * 1024);
  const part = { candidates: [{ content: { role: 'model', parts: [{ text }] } }] };
  const event = `data: ${JSON.stringify(part)}\r\n\r\n`;
  const endless = 200 * megabyte;
  // What the system's own buffers take on the way, twice, and then some.
  const most = 40 * megabyte;

  test('bounds what is read from Google for it', async () => {
    let sent = 0;
    const google = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const send = (): void => {
        while (sent < endless) {
          sent += event.length;
          if (!response.write(event)) return;
        }
        response.end();
      };
      response.on('drain', send);
      send();
    });
    const rondo = await startWith(google);
    const body = JSON.stringify(ask('Hello', { stream: true }));
    const headers = [`authorization: Bearer ${clientKey}`, `content-length: ${body.length}`];
    const client = new Uploading(rondo, 'POST /v1/chat/completions', headers, body);
    expect((await client.answer()).status).toBe(200);
    client.stopReading();
    let before = -1;
    const isAtRest = (): boolean => {
      const same = sent === before;
      before = sent;
      return same;
    };
    await expect.poll(isAtRest, { interval: 500, timeout: 15_000 }).toBe(true);
    expect(sent).toBeLessThan(most);
    client.leave();
  });
});
