/** Of an address, as it is spelled there. */
export const pathOf = (url: string): string => {
  const path = url.indexOf('/', url.indexOf('://') + 3);
  const query = url.indexOf('?', path);
  return url.slice(path, query < 0 ? undefined : query);
};

// Paths that one dialect alone has: nobody who asks by them is known by anything else.

const ofOpenAi =
  /^\/v1\/(?:chat|completions|responses|embeddings|images|audio|conversations|moderations)(?:\/|$)/;

const ofAnthropic = /^\/v1\/messages(?:\/|$)/;

export const isOpenAis = (path: string): boolean => ofOpenAi.test(path);

export const isAnthropics = (path: string): boolean => ofAnthropic.test(path);
