import { predictionOf } from './embed.ts';
import { lineJson, prettyJson } from './json.ts';

export interface BenchMode {
  /** Events of a streamed answer. */
  events: number;
  /** Characters of text in each event. */
  bytes: number;
  /** Milliseconds between events. 0: each as soon as the last is gone. Absent: all in one write. */
  interval?: number;
  /** Characters of text in a unary answer; as many as a stream's when absent. */
  unaryBytes?: number;
  /** Vectors in place of a unary answer. */
  embeddings?: number;
}

/** Answers made once and sent again and again, so that the stub costs the benchmark little. */
export interface BenchBodies {
  readonly frames: readonly Buffer[];
  readonly burst: Buffer;
  readonly unary: Buffer;
  readonly interval: number | undefined;
}

const words = 'The quick brown fox jumps over the lazy dog, again and again. ';

function textOf(bytes: number): string {
  return words.repeat(Math.ceil(bytes / words.length)).slice(0, bytes);
}

function textsOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${words}${index}`);
}

function response(text: string, last: boolean, tokens: number): string {
  return lineJson({
    candidates: [
      {
        content: { parts: [{ text }], role: 'model' },
        ...(last ? { finishReason: 'STOP' } : {}),
      },
    ],
    usageMetadata: {
      promptTokenCount: 16,
      candidatesTokenCount: tokens,
      totalTokenCount: 16 + tokens,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 16 }],
    },
    modelVersion: 'gemini-3.8-flash',
    responseId: 'bench',
  });
}

export function benchBodies(mode: BenchMode): BenchBodies {
  const text = textOf(mode.bytes);
  const tokens = Math.ceil(mode.bytes / 4);
  const frames = Array.from({ length: mode.events }, (_, index) => {
    const last = index === mode.events - 1;
    return Buffer.from(`data: ${response(text, last, tokens * (index + 1))}\r\n\r\n`);
  });
  const { embeddings } = mode;
  const unaryBytes = mode.unaryBytes ?? mode.bytes * mode.events;
  return {
    frames,
    burst: Buffer.concat(frames),
    unary: Buffer.from(
      embeddings === undefined
        ? response(textOf(unaryBytes), true, Math.ceil(unaryBytes / 4))
        : prettyJson(predictionOf(textsOf(embeddings), 'text-embedding-005')),
    ),
    interval: mode.interval,
  };
}
