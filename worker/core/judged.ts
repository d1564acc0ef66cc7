const protocols: readonly string[] = ['http:', 'https:'];
const ports: readonly string[] = ['', '80', '443'];

/**
 * Whether the runtime would call the host that the module has judged (http/url.h). Both read an
 * address by rules of their own, and what lies between the two readings is a way to a host that
 * nobody has judged.
 */
export const isJudged = (url: string, host: string): boolean => {
  const read = URL.parse(url);
  return (
    read !== null &&
    protocols.includes(read.protocol) &&
    read.hostname === host &&
    ports.includes(read.port) &&
    read.username === '' &&
    read.password === ''
  );
};
