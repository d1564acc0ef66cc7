/**
 * What the back-ends take, by the pages on images, audio, video and documents of
 * https://ai.google.dev/gemini-api/docs and https://cloud.google.com/vertex-ai/generative-ai/docs.
 * Of texts every kind; nothing in capitals, and nothing with parameters.
 */
const subtypes: Readonly<Record<string, string>> = {
  image: 'png jpeg webp heic heif gif',
  audio: 'wav mp3 mpeg mpga aiff aac x-aac ogg opus flac mp4 m4a pcm webm',
  video: 'mp4 mpeg mpegs mpegps mpg mov quicktime avi x-flv webm wmv 3gpp',
  application: 'pdf json rtf x-javascript x-typescript x-python-code',
};

const taken: ReadonlySet<string> = new Set(
  Object.entries(subtypes).flatMap(([type, names]) =>
    names.split(' ').map((name) => `${type}/${name}`),
  ),
);

/** What is said of a type that no model takes; null: it is taken. */
export function mimeTypeFault(type: string): string | null {
  if (taken.has(type) || /^text\/[a-z0-9.+-]+$/.test(type)) return null;
  return `Unsupported MIME type: ${type}`;
}
