// Questions to the operator. Without a terminal every answer comes by a flag.
import * as clack from '@clack/prompts';
import { exitCodes, Stop } from './stop.ts';

export interface Ask {
  readonly possible: boolean;
  text(
    message: string,
    initial: string,
    validate: (value: string) => string | undefined,
  ): Promise<string>;
  confirm(message: string): Promise<boolean>;
  choose(message: string, options: readonly string[]): Promise<string[]>;
}

function answered<T>(answer: T | typeof clack.CANCEL_SYMBOL): T {
  if (clack.isCancel(answer))
    throw new Stop('Cancelled; nothing more was changed.', '', exitCodes.cancelled);
  return answer as T;
}

export const onTerminal: Ask = {
  possible: true,
  text: async (message, initial, validate) =>
    answered(
      await clack.text({
        message,
        initialValue: initial,
        validate: (value) => validate(value ?? ''),
      }),
    ),
  confirm: async (message) => answered(await clack.confirm({ message })),
  choose: async (message, options) =>
    answered(
      await clack.multiselect({
        message,
        options: options.map((value) => ({ value, label: value })),
        initialValues: [...options],
        required: true,
      }),
    ),
};

/** Takes what stands there already. */
export const withoutTerminal: Ask = {
  possible: false,
  text: async (_message, initial) => initial,
  confirm: async () => true,
  choose: async (_message, options) => [...options],
};
