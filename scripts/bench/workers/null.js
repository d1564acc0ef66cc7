// A Worker that does nothing, to take the runtime's own start from a cold start.
export default { fetch: () => new Response() };
