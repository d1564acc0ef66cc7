// The floor: fetches, and passes both bodies on.
export default {
  fetch(request, env) {
    const { pathname, search } = new URL(request.url);
    return fetch(env.UPSTREAM + pathname + search, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-goog-api-key': env.API_KEY },
      body: request.body,
    });
  },
};
