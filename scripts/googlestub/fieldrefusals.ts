import { badRequest, invalidArgument, type Refusal } from './errors.ts';
import type { ApiBackend } from './families.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

/** What a model refuses beyond its family's rules: a test's way to let it refuse something new. */
export interface FieldRefusal {
  /** Absent: every model. */
  readonly model?: string;
  readonly backend?: ApiBackend;
  /** In camel case from the request's top: `generationConfig.temperature`. */
  readonly field: string;
  /** Absent: the field is refused whatever it says. */
  readonly value?: Json;
  readonly message: string;
  /** The field is named in details as well. */
  readonly detailed?: boolean;
}

/** Rules that stand until they are taken back. */
export class FieldRefusals {
  #rules: FieldRefusal[] = [];

  get all(): readonly FieldRefusal[] {
    return this.#rules;
  }

  add(rule: FieldRefusal): void {
    this.#rules.push(rule);
  }

  /** Takes back all about a field, of one model or of all. */
  remove(field: string, model?: string): void {
    this.#rules = this.#rules.filter(
      (rule) => rule.field !== field || (model !== undefined && rule.model !== model),
    );
  }

  reset(): void {
    this.#rules = [];
  }

  find(request: JsonObject, model: string, backend: ApiBackend): Refusal | null {
    const rule = this.#rules.find((each) => {
      const isHere = (each.model ?? model) === model && (each.backend ?? backend) === backend;
      return isHere && isSet(request, each);
    });
    if (!rule) return null;
    const { message, field } = rule;
    if (rule.detailed) return badRequest([{ field: snakePath(field), description: message }]);
    return invalidArgument(message);
  }
}

function isSet(request: JsonObject, { field, value }: FieldRefusal): boolean {
  let found: Json | undefined = request;
  for (const name of field.split('.')) found = isObject(found) ? found[name] : undefined;
  if (found === undefined) return false;
  return value === undefined || JSON.stringify(value) === JSON.stringify(found);
}

function snakePath(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
