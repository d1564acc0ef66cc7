// What a web address must be to be fetched, as the module has it (cpp/http/url.cpp, public_host.cpp).

const blank = ' \t\r\n';

/** Without what stands at its ends. An expression would try each run of blanks again and again. */
export const trimmed = (text: string, behind = blank): string => {
  let start = 0;
  let end = text.length;
  while (start < end && blank.includes(text.charAt(start))) start += 1;
  while (start < end && behind.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
};

interface Origin {
  readonly host: string;
  readonly port: string;
}

/** None of what is no absolute address, or tells a user's name. */
export const originOf = (url: string): Origin | undefined => {
  const authority = /^https?:\/\/([^/?#\\]*)/i.exec(url)?.[1] ?? '';
  const parts = /^(\[[^\]]*\]|[^:[@][^:@]*)(?::(\d*))?$/.exec(authority);
  return parts ? { host: (parts[1] ?? '').toLowerCase(), port: parts[2] ?? '' } : undefined;
};

const isWithin = (host: string, names: readonly string[]): boolean =>
  names.some((name) => host === name || host.endsWith(`.${name}`));

const localNames = [
  ...['localhost', 'localdomain', 'local', 'internal', 'intranet', 'private', 'lan', 'home'],
  ...['corp', 'svc', 'arpa', 'test', 'invalid', 'onion', 'alt'],
];

const dottedAddress = /^(?:(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])(?:\.(?!$)|$)){4}$/;

/** The usual ones. Those that hardly anybody has are left to the module. */
const localAddress =
  /^(?:(?:0|10|127|22[4-9]|23\d|24\d|25\d)\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/;

const isPublicHost = (host: string): boolean => {
  const labels = host.split('.');
  const isName = host.length <= 253 && labels.every((label) => /^[\w-]{1,63}$/.test(label));
  if (!isName || labels.length === 1) return false;
  if (/\.\d[^.]*$/.test(host)) return dottedAddress.test(host) && !localAddress.test(host);
  return !isWithin(host, localNames);
};

/** Some take a backslash for a slash, and leave control characters out. */
const readInSeveralWays = /[\\\p{Cc}]/u;

export const isFetchable = (url: string): boolean => {
  const origin = originOf(url);
  if (!origin || readInSeveralWays.test(url)) return false;
  return isPublicHost(origin.host) && ['', '80', '443'].includes(origin.port);
};
