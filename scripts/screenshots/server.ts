// Serves the page with a made-up pool behind it.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { root } from '../build/cmake.ts';
import { copyVendored } from '../build/page.js';
import { sampleAnswers } from './sample.ts';

/** Opens the sample; any other is refused. */
export const sampleKey = 'sample-admin-key';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface SampleServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startSample(): Promise<SampleServer> {
  copyVendored();
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sample.local');
  if (url.pathname.startsWith('/admin/api/')) return answerCall(request, response, url);
  const path = url.pathname.slice('/admin'.length).replace(/^\/?$/, '/index.html');
  const file = await readFile(join(root, 'admin', path)).catch(() => undefined);
  response.writeHead(file ? 200 : 404, {
    'content-type': types[extname(path)] ?? 'application/octet-stream',
  });
  response.end(file);
}

function answerCall({ headers }: IncomingMessage, response: ServerResponse, url: URL): void {
  const name = url.pathname.slice('/admin/api/'.length);
  const isOpen = headers.authorization === `Bearer ${sampleKey}`;
  const found = isOpen ? sampleAnswers(Date.now())[name]?.(url.searchParams) : undefined;
  const message = isOpen ? 'The sample has no answer.' : 'Incorrect admin key.';
  response.writeHead(found ? 200 : isOpen ? 404 : 401, { 'content-type': 'application/json' });
  response.end(JSON.stringify(found ?? { error: { message } }));
}
