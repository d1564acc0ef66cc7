import type { ApiBackend, Family } from './families.ts';
import type { JsonObject } from './json.ts';
import { lengthFault } from './length.ts';
import { continuationFault, limitFault } from './limits.ts';
import { mediaFault } from './media.ts';
import { safetyFault } from './safety.ts';
import { signatureFault } from './signaturerules.ts';
import { toolsFault } from './tools.ts';
import { contentsFault, turnsFault } from './turns.ts';
import { webMediaFault } from './webmedia.ts';

/** A request whose form is right, and the model it is for. */
export interface Scene {
  readonly request: JsonObject;
  readonly model: string;
  readonly family: Family;
  readonly backend: ApiBackend;
  readonly streaming: boolean;
  readonly acceptsSignature: (signature: string, part: JsonObject) => boolean;
}

/** The same of what a cache may hold: a beginning, which may have no turns and may end with any. */
export function heldFault(scene: Scene): string | null {
  return turnsFault(scene) ?? toolsFault(scene) ?? lengthFault(scene);
}

/** The first rule a request breaks, in Google's words; null: it may be answered. */
export function ruleFault(scene: Scene): string | null {
  return (
    contentsFault(scene) ??
    toolsFault(scene) ??
    mediaFault(scene) ??
    webMediaFault(scene) ??
    limitFault(scene) ??
    safetyFault(scene) ??
    lengthFault(scene) ??
    continuationFault(scene) ??
    signatureFault(scene)
  );
}
