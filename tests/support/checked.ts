import { faultsOf } from './shapes.ts';

/**
 * `fetch`, with every answer under /v1 held against OpenAI's shapes as it passes by. Answers that are
 * read to their end leave their faults in `faults`; the others are none to judge.
 */
export function checkedFetch(faults: string[]): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    if (!response.body || !pathname.startsWith('/v1')) return response;
    const { status, statusText, headers } = response;
    const seen = response.body.pipeThrough(judge(headers.get('content-type') ?? '', faults));
    return new Response(seen, { status, statusText, headers });
  };
}

function judge(contentType: string, faults: string[]): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  let body = '';
  return new TransformStream({
    transform(chunk, controller) {
      body += decoder.decode(chunk, { stream: true });
      controller.enqueue(chunk);
    },
    flush() {
      try {
        faults.push(...faultsOf(body, contentType));
      } catch (error) {
        faults.push(`${error} in ${body}`);
      }
    },
  });
}
