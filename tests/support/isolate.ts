// Isolates of one workerd write into one log. Each line bears the name of its isolate there.

/** The variable that names the isolate; the worker doesn't see it. */
export const isolateVar = 'TEST_ISOLATE';

export function mark(name: string): string {
  return `[${name}]`;
}

/** The logs of isolates by their names. What workerd itself prints is nobody's, and in all of them. */
export class IsolateLogs<Name extends string> {
  readonly #lines: ReadonlyMap<Name, string[]>;

  constructor(names: readonly Name[]) {
    this.#lines = new Map(names.map((name) => [name, []]));
  }

  of(name: Name): readonly string[] {
    return this.#lines.get(name) ?? [];
  }

  add(line: string): void {
    for (const [name, lines] of this.#lines) {
      const start = `${mark(name)} `;
      if (line.startsWith(start)) return void lines.push(line.slice(start.length));
    }
    for (const lines of this.#lines.values()) lines.push(line);
  }
}
