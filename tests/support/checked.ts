import { messageFaultsOf } from './messagesshapes.ts';
import { faultsOf } from './shapes.ts';

/**
 * `fetch`, with every answer under /v1 held against OpenAI's shapes as it passes by, or
 * Anthropic's where the request is of that dialect. Answers that are
 * read to their end leave their faults in `faults`; the others are none to judge.
 */
export function checkedFetch(faults: string[]): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const asked = input instanceof Request ? input : { url: input, headers: init?.headers };
    const { pathname, searchParams } = new URL(asked.url);
    if (!response.body || !pathname.startsWith('/v1')) return response;
    // What is passed on is Google's own, and no shape of ours.
    const headersOfAsked = new Headers(asked.headers);
    const hasKeyOfGoogle = headersOfAsked.has('x-goog-api-key') || searchParams.has('key');
    if (/^\/v1[ab]|\/publishers\/|:\w+$/.test(pathname) || hasKeyOfGoogle) return response;
    const isAnthropics =
      /^\/v1\/messages(\/|$)/.test(pathname) || headersOfAsked.has('anthropic-version');
    const { status, statusText, headers } = response;
    const seen = response.body.pipeThrough(
      judge(
        (body) =>
          (isAnthropics ? messageFaultsOf : faultsOf)(body, headers.get('content-type') ?? ''),
        faults,
      ),
    );
    return new Response(seen, { status, statusText, headers });
  };
}

function judge(
  faultsOfBody: (body: string) => string[],
  faults: string[],
): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  let body = '';
  return new TransformStream({
    transform(chunk, controller) {
      body += decoder.decode(chunk, { stream: true });
      controller.enqueue(chunk);
    },
    flush() {
      try {
        faults.push(...faultsOfBody(body));
      } catch (error) {
        faults.push(`${error} in ${body}`);
      }
    },
  });
}
