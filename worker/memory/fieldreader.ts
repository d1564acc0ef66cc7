// The members of what a client sends, as the module's reader has them
// (cpp/conversation/field_reader.h): null counts as absent, and the first fault ends the request.
import { invalid, missingField } from '../errors.ts';
import { refuse } from './refusal.ts';

type Fields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrongType = (path: string, expected: string): never =>
  refuse(invalid(path, `expected ${expected}`, 'invalid_type'));

const tooMany = (path: string, most: number, got: number): never =>
  refuse(invalid(path, `expected at most ${most}, but got ${got}`, 'array_above_max_length'));

export class FieldReader {
  readonly path: string;
  readonly #fields: Fields;

  constructor(value: unknown, path: string) {
    this.path = path;
    this.#fields = isObject(value) ? value : wrongType(path, 'an object');
  }

  at(key: string): string {
    return `${this.path}.${key}`;
  }

  any(key: string): unknown {
    return Object.hasOwn(this.#fields, key) ? (this.#fields[key] ?? undefined) : undefined;
  }

  has(key: string): boolean {
    return this.any(key) !== undefined;
  }

  /** Empty when absent. */
  text(key: string): string {
    const value = this.any(key) ?? '';
    return typeof value === 'string' ? value : wrongType(this.at(key), 'a string');
  }

  requiredText(key: string): string {
    return this.text(key) || refuse(missingField(this.at(key)));
  }

  array(key: string): readonly unknown[] {
    const value = this.any(key) ?? [];
    return Array.isArray(value) ? value : wrongType(this.at(key), 'an array');
  }

  /** Empty when absent. */
  object(key: string): Fields {
    const value = this.any(key) ?? {};
    return isObject(value) ? value : wrongType(this.at(key), 'an object');
  }

  /** Reads each object of an array. */
  each(key: string, read: (fields: FieldReader) => void, most = Number.POSITIVE_INFINITY): void {
    const values = this.array(key);
    if (values.length > most) tooMany(this.at(key), most, values.length);
    for (const [place, value] of values.entries()) {
      read(new FieldReader(value, `${this.at(key)}[${place}]`));
    }
  }

  /** The members of one that must be there. */
  inner(key: string): FieldReader {
    return this.has(key)
      ? new FieldReader(this.any(key), this.at(key))
      : refuse(missingField(this.at(key)));
  }

  unknownValue(key: string, supported: Iterable<string>): never {
    const values = [...supported].map((value) => `'${value}'`).join(', ');
    const words = `'${this.text(key).slice(0, 60)}' is none of ${values}`;
    return refuse(invalid(this.at(key), words, 'invalid_value'));
  }
}
