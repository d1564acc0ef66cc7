// The runtime copies what it is given to send, as it is given it. All rests on that: what the worker
// hands over lies in the module's memory, which the module uses again at once, and which moves when
// it grows. Tried on workerd itself.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unstable_readConfig } from 'wrangler';

/** Hands over bytes of a module's memory, and spoils them before it gives the runtime a moment. */
const worker = `
  const filled = (size) => {
    const memory = new WebAssembly.Memory({ initial: 400 });
    const bytes = new Uint8Array(memory.buffer, 64, size);
    for (let at = 0; at < size; at += 1) bytes[at] = at % 251;
    return { memory, bytes };
  };
  const spoilers = {
    overwritten: ({ bytes }) => bytes.fill(255),
    moved: ({ memory, bytes }) => { bytes.fill(255); memory.grow(64); },
  };
  const ways = {
    response: ({ bytes }) => new Response(bytes),
    fetch: ({ bytes }, env) => fetch(env.ECHO, { method: 'POST', body: bytes }),
    writer: ({ bytes }, env, context) => {
      const { readable, writable } = new IdentityTransformStream();
      const writer = writable.getWriter();
      context.waitUntil(writer.write(bytes).then(() => writer.close()));
      return new Response(readable);
    },
  };
  export default {
    fetch(request, env, context) {
      const [, way, spoil, size] = new URL(request.url).pathname.split('/');
      const given = filled(Number(size));
      const answer = ways[way](given, env, context);
      spoilers[spoil](given);
      return answer;
    },
  };
`;

let echo: Server;
let miniflare: Miniflare;
let url: string;

beforeAll(async () => {
  echo = createServer(async (request, response) => response.end(await buffer(request)));
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const { port } = echo.address() as AddressInfo;
  const { compatibility_date: compatibilityDate = '' } = unstable_readConfig({
    config: 'wrangler.toml',
  });
  const manifest = {
    mainModule: 'worker.js',
    modules: { 'worker.js': { type: 'esm', contents: worker } },
  } as const;
  const env = { ECHO: { type: 'text', value: `http://127.0.0.1:${port}/` } } as const;
  miniflare = new Miniflare({
    workers: [{ config: { name: 'copies', compatibilityDate, manifest, env } }],
  });
  url = (await miniflare.ready).origin;
});

afterAll(async () => {
  await miniflare.dispose();
  echo.close();
});

const cases = ['response', 'fetch', 'writer'].flatMap((way) =>
  ['overwritten', 'moved'].flatMap((spoil) =>
    [1, 100, 65_536, 10_000_000].map((size) => [way, spoil, size] as const),
  ),
);

test.for(cases)(
  'what goes to a %s and is %s at once arrives as it was, %i bytes',
  async ([way, spoil, size]) => {
    const answer = await fetch(`${url}/${way}/${spoil}/${size}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect(bytes.length).toBe(size);
    expect(bytes.findIndex((byte, at) => byte !== at % 251)).toBe(-1);
  },
);
