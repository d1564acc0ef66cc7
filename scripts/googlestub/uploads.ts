// Uploads: https://ai.google.dev/api/files#method:-media.upload
import { createHash } from 'node:crypto';
import { invalidArgument, type Refusal, refusal } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { type JsonObject, objectIn, textIn } from './json.ts';
import { readMessage } from './message.ts';
import type { ResourceAnswer, ResourceVerdict } from './resources.ts';
import type { Route } from './routes.ts';
import { timestamp } from './timestamp.ts';
import type { World } from './world.ts';

export interface Upload {
  readonly project: string;
  readonly name: string;
  readonly mimeType: string;
  readonly size: number;
  readonly displayName: string;
  bytes: Buffer;
}

/** How long a file is there. */
const hoursKept = 48;
/** How long a film is looked through. */
const filmMs = 5000;
/** "2 GB", https://ai.google.dev/gemini-api/docs/files, counted as Google counts the size of a request. */
const largestFile = 2 * 1024 ** 3;
/** What all pieces but the last are a multiple of, as Google tells at the beginning. */
const granularity = 8 * 1024 ** 2;

const header = ({ request }: Exchange, name: string): string =>
  String(request.headers[`x-goog-upload-${name}`] ?? '');

export function uploaded(
  world: World,
  exchange: Exchange,
  route: Route,
  project: string,
): ResourceVerdict {
  const id = exchange.url.searchParams.get('upload_id');
  if (id === null) return begun(world, exchange, route, project);
  const upload = world.resources.uploads.get(id);
  if (upload?.project !== project) return refusal(404, 'Requested entity was not found.');
  const command = header(exchange, 'command');
  // How far it came, for a client whose connection broke:
  // https://developers.google.com/photos/library/guides/resumable-uploads
  if (command === 'query') return active(upload);
  if (command === 'cancel') {
    world.resources.uploads.delete(id);
    return { body: {}, headers: { 'x-goog-upload-status': 'cancelled' } };
  }
  const fault = pieceFault(exchange, upload);
  if (fault) return fault;
  upload.bytes = Buffer.concat([upload.bytes, exchange.bytes]);
  return isLast(exchange) ? finished(world, id, upload) : active(upload);
}

const isLast = (exchange: Exchange): boolean => header(exchange, 'command').includes('finalize');

function active({ bytes }: Upload): ResourceAnswer {
  const headers = {
    'x-goog-upload-status': 'active',
    'x-goog-upload-size-received': String(bytes.length),
  };
  return { body: {}, headers };
}

/** What is wrong with some bytes of it, none of which is kept then; null: nothing. The words are a guess. */
function pieceFault(exchange: Exchange, { bytes, size }: Upload): Refusal | null {
  if (header(exchange, 'offset') !== String(bytes.length)) {
    return invalidArgument(`Upload offset must be ${bytes.length}.`);
  }
  const received = bytes.length + exchange.bytes.length;
  if (received > size || (isLast(exchange) && received < size)) {
    return invalidArgument(
      `The upload is of ${received} bytes, and ${size} bytes were declared for it.`,
    );
  }
  return isLast(exchange) ? null : fractionFault(exchange.bytes.length);
}

/**
 * In the words of Google's other uploads (googleapis/google-resumable-media-python quotes Cloud Storage), which leave
 * open whether a larger piece has to be a multiple: that it has to is said where clients are told how to upload.
 */
function fractionFault(length: number): Refusal | null {
  if (length > 0 && length % granularity === 0) return null;
  return invalidArgument(
    'Invalid request.  The number of bytes uploaded is required to be equal or greater than ' +
      `${granularity}, except for the final request (it's recommended to be the exact multiple of ` +
      `${granularity}).  The received request contained ${length} bytes, which does not meet this ` +
      'requirement.',
  );
}

/** What is wrong with the name that a client gives its file; null: nothing, or it gives none. */
function nameFault(world: World, name: string | undefined): Refusal | null {
  if (name === undefined) return null;
  if (!/^files\/[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(name)) {
    return invalidArgument(
      '* CreateFileRequest.file.name: name must be in the format files/{id}, with an id of up to 40 ' +
        'lowercase alphanumeric characters or dashes\n',
    );
  }
  return world.resources.kept.has(name) ? refusal(409, `The file ${name} already exists.`) : null;
}

/** https://ai.google.dev/api/files#File, in words that are a guess. */
function displayNameFault(name: string): Refusal | null {
  if ([...name].length <= 512) return null;
  return invalidArgument(
    '* CreateFileRequest.file.display_name: display_name must be no more than 512 characters\n',
  );
}

/** Of the size that is declared. That it must be, and the words, is a guess. */
function sizeFault(declared: string): Refusal | null {
  if (!/^\d+$/.test(declared)) {
    return invalidArgument('X-Goog-Upload-Header-Content-Length must be the number of bytes.');
  }
  if (Number(declared) <= largestFile) return null;
  return invalidArgument(
    `File size of ${declared} bytes exceeds the limit: ${largestFile} bytes per file.`,
  );
}

/** What a client says of its file. It may say nothing at all. */
function metadataIn(world: World, exchange: Exchange, route: Route): JsonObject | Refusal {
  if (exchange.bytes.length === 0) return {};
  const read = readMessage(world, exchange, route, 'CreateFileRequest');
  return 'refusal' in read ? read.refusal : (objectIn(read.request, 'file') ?? {});
}

const isRefusal = (found: JsonObject | Refusal): found is Refusal =>
  typeof found.status === 'number';

function begun(world: World, exchange: Exchange, route: Route, project: string): ResourceVerdict {
  if (header(exchange, 'protocol') !== 'resumable' || header(exchange, 'command') !== 'start') {
    return invalidArgument('Request must be a resumable upload.');
  }
  const file = metadataIn(world, exchange, route);
  if (isRefusal(file)) return file;
  const name = textIn(file, 'name');
  const displayName = textIn(file, 'displayName') ?? '';
  const declared = header(exchange, 'header-content-length');
  const fault = sizeFault(declared) ?? nameFault(world, name) ?? displayNameFault(displayName);
  if (fault) return fault;
  const id = world.resources.id();
  world.resources.uploads.set(id, {
    project,
    name: name ?? `files/${world.resources.id()}`,
    mimeType: header(exchange, 'header-content-type'),
    size: Number(declared),
    displayName,
    bytes: Buffer.alloc(0),
  });
  return { body: {}, headers: addressOf(id, exchange) };
}

/** Where the bytes go to. */
function addressOf(id: string, { request, url }: Exchange): Readonly<Record<string, string>> {
  // With whose key it was begun: who has the address needs no other.
  const key = String(request.headers['x-goog-api-key'] ?? '');
  const query = `upload_id=${id}&key=${key}&upload_protocol=resumable`;
  const address = `http://${request.headers.host}${url.pathname}?${query}`;
  return {
    'x-goog-upload-status': 'active',
    'x-goog-upload-url': address,
    'x-goog-upload-control-url': address,
    'x-goog-upload-chunk-granularity': String(granularity),
  };
}

function finished(world: World, id: string, upload: Upload): ResourceAnswer {
  const { name, mimeType, size, displayName, project } = upload;
  world.resources.uploads.delete(id);
  const uri = `https://generativelanguage.googleapis.com/v1beta/${name}`;
  const createTime = timestamp(world.now(), '031');
  const expiresAt = world.now() + hoursKept * 3_600_000;
  const expirationTime = timestamp(expiresAt);
  const readyAt = world.now() + (mimeType.startsWith('video/') ? filmMs : 0);
  const entry = {
    name,
    ...(displayName !== '' && { displayName }),
    mimeType,
    sizeBytes: String(size),
    createTime,
    updateTime: createTime,
    expirationTime,
    // Of the digest's hexadecimal form, as it comes from Google.
    sha256Hash: btoa(createHash('sha256').update(upload.bytes).digest('hex')),
    uri,
    state: '',
    source: 'UPLOADED',
  };
  const kept = { project, entry, readyAt, expiresAt };
  world.resources.kept.set(name, kept);
  world.stored.give(project, name);
  const file = world.resources.entryAt(kept, world.now());
  return { body: { file }, headers: { 'x-goog-upload-status': 'final' } };
}
