// Asks KV once, so that Miniflare's own, which runs in the same process, has started.
export default {
  async fetch(_request, env) {
    await env.GEMINI_CLI_KV.put('neighbour', '');
    return new Response(await env.GEMINI_CLI_KV.get('neighbour'));
  },
};
