/** Ends a command: what is wrong, and what the operator can do. Never holds a secret. */
export class Stop extends Error {
  readonly advice: string;
  readonly code: number;

  constructor(message: string, advice = '', code: number = exitCodes.failed) {
    super(message);
    this.advice = advice;
    this.code = code;
  }
}

export const exitCodes = { ok: 0, failed: 1, usage: 2, cancelled: 130 } as const;

export const usageFault = (message: string): Stop =>
  new Stop(message, 'See: npm run rondo -- --help', exitCodes.usage);

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
