// Which media a request can go on from, as the module takes them (cpp/translation/media.cpp,
// media_types.cpp): what it refuses by itself, and nothing that only Google or a web server can tell.
import { invalid } from '../errors.ts';
import { refuse } from './refusal.ts';
import { isFetchable, originOf, trimmed } from './webaddress.ts';

/** What a part brings, and its place in the client's request. */
export type Medium = Readonly<{ path: string }> &
  Readonly<
    | { kind: 'image' | 'video'; url: string }
    | { kind: 'image'; type: string; data: string }
    | { kind: 'sound'; format: string; data: string }
    | { kind: 'file'; type?: string; data: string; id?: string; name: string }
  >;

/** The type as far as it is told, and base64 unless the medium lies elsewhere. */
interface Source {
  readonly type: string;
  readonly data?: string;
}

class MediumFault extends Error {}

const bad = (words: string): never => {
  throw new MediumFault(words);
};

// --- Types ---------------------------------------------------------------------------------------

/** Of the ending of an office document, whichever it is. */
const office = 'application/msword';
const officeType =
  /^application\/(?:msword|vnd\.(?:ms-excel|ms-powerpoint|ms-word|oasis\.opendocument|openxmlformats-officedocument))/;
const officeEnding = /^(?:doc[xm]?|dotx|xls[xmb]?|ppt[xm]?|ppsx|od[tsp])$/;

const mediaEnding =
  /^(?:png|jpe?g|jfif|webp|gif|hei[cf]|bmp|avif|pdf|mp[34g]|mov|webm|mpeg|mpga|avi|wmv|flv|3gp|wav|aac|flac|og[ga]|opus|aiff|m4a|weba)$/;
const pageEnding = /^(?:txt|md|json|html|csv|xml|rtf)$/;

/** What the module knows data by, whatever it is called. */
const knownBeginning =
  /^(?:iVBORw0KGgo|\/9j\/|R0lGOD|JVBERi0|SUQz|ZkxhQ|T2dnUw|UklGR[\s\S]{7}(?:RUJQ|QVZF))/;

const endingOf = (name: string): string => {
  const last = (/^[^?#]*/.exec(name)?.[0] ?? '').split('/').at(-1) ?? '';
  const dot = last.lastIndexOf('.');
  return dot < 0 ? '' : last.slice(dot + 1, dot + 17).toLowerCase();
};

const bareType = (type: string): string => trimmed(type.split(';', 1)[0] ?? '').toLowerCase();

const typeOfName = (name: string): string => (officeEnding.test(endingOf(name)) ? office : '');

/** Browsers take a .csv for a spreadsheet. Which endings are those of texts the module alone knows. */
const mayNameText = (name: string): boolean => {
  const ending = endingOf(name);
  return ending !== '' && !officeEnding.test(ending) && !mediaEnding.test(ending);
};

// --- Sources -------------------------------------------------------------------------------------

const inlineSource = (told: string, data: string, fallback: string): Source => {
  const type = bareType(told);
  const isTold = type !== '' && type !== 'application/octet-stream';
  if (isTold || knownBeginning.test(trimmed(data))) return { type, data };
  return { type: fallback, data };
};

/** Of a type that is told apart. */
const typedSource = (type: string, data: string, fallback: string): Source =>
  type.includes(',') ? bad('a media type has no comma') : inlineSource(type, data, fallback);

const dataUrl = (url: string, fallback: string): Source => {
  const comma = url.indexOf(',');
  const head = url.slice(5, Math.max(5, comma));
  if (!head.toLowerCase().endsWith(';base64')) bad('expected a data: URL in base64');
  return inlineSource(head, url.slice(comma + 1), fallback);
};

const videoHost = /(?:^|\.)(?:youtube\.com|youtu\.be)\.*$/;
const uploadHost = /(?:^|\.)generativelanguage\.googleapis\.com\.*$/;

/** Google fetches some by itself, for some models or all; the others are fetched here. */
const webSource = (url: string, host: string, fallback: string): Source => {
  if (videoHost.test(host)) return { type: '' };
  const ending = endingOf(url);
  if (officeEnding.test(ending)) return { type: office };
  const isKnown = mediaEnding.test(ending) || pageEnding.test(ending);
  const isLeftToGoogle = uploadHost.test(host) || (isKnown && url.startsWith('https:'));
  if (!isLeftToGoogle && !isFetchable(url)) bad('its address is not public');
  return { type: isKnown || uploadHost.test(host) ? '' : fallback };
};

const urlSource = (spelled: string, fallback: string): Source => {
  const url = trimmed(spelled);
  const scheme = url.slice(0, 6).split(':', 1)[0]?.toLowerCase();
  if (scheme === 'data') return dataUrl(url, fallback);
  if (scheme === 'gs') return { type: typeOfName(url) || (endingOf(url) === '' ? fallback : '') };
  const origin = originOf(url);
  return origin
    ? webSource(url, origin.host, fallback)
    : bad('expected a data: URL in base64, an https: URL or a gs: URI');
};

type Of<Kind> = Extract<Medium, { kind: Kind }>;

/** A recorder's film has but sound in it. */
const soundType = (format: string): string => bareType(format).replace(/^video\//, '');

const soundSource = ({ format, data }: Of<'sound'>): Source => {
  const told = soundType(format);
  if (!data.startsWith('data:')) return { type: told, data };
  const source = dataUrl(data, told);
  return { ...source, type: soundType(source.type) };
};

/** Only the store of files knows whose an id is, and what. */
const storedSource = (id: string, fallback: string): Source => {
  if (id.startsWith('files/')) return { type: fallback };
  return id.startsWith('file-') ? { type: '' } : urlSource(id, fallback);
};

const unnamedSource = ({ type, data, id, name }: Of<'file'>): Source => {
  const fallback = typeOfName(name);
  if (type) return typedSource(type, data, fallback);
  if (data === '' && id) return storedSource(id, fallback);
  if (/^(?:data:|http|gs:)/i.test(data)) return urlSource(data, fallback);
  return inlineSource('', data, fallback);
};

const fileSource = (file: Of<'file'>): Source => {
  const source = unnamedSource(file);
  const isText =
    source.data !== undefined &&
    mayNameText(file.name) &&
    !knownBeginning.test(trimmed(source.data));
  return isText ? { ...source, type: '' } : source;
};

const sourceOf = (medium: Medium): Source => {
  if (medium.kind === 'sound') return soundSource(medium);
  if (medium.kind === 'file') return fileSource(medium);
  return 'url' in medium ? urlSource(medium.url, '') : typedSource(medium.type, medium.data, '');
};

// --- Judgement -----------------------------------------------------------------------------------

/** Of either alphabet, with white space in it and padding or none. */
const isBase64 = (spelled: string): boolean => {
  const text = trimmed(spelled, '= \t\r\n');
  if (/[^A-Za-z0-9+/_\- \t\r\n]/.test(text)) return false;
  const { length } = text.replace(/[ \t\r\n]+/g, '');
  return length > 0 && length % 4 !== 1;
};

const judge = (medium: Medium): void => {
  const { type, data } = sourceOf(medium);
  if (officeType.test(type)) bad('Gemini reads no office documents');
  if (data !== undefined && !isBase64(data)) bad('expected base64');
};

export const checkMedium = (medium: Medium): void => {
  try {
    judge(medium);
  } catch (fault) {
    if (!(fault instanceof MediumFault)) throw fault;
    refuse(invalid(medium.path, fault.message, 'invalid_value'));
  }
};
