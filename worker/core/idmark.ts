// Ids of what is stored at Google's that carry a credential: cpp/gateway/marked_id.h makes them.
import { searchFor } from './search.ts';

/** What they begin with. */
export const idMark = 'rondocredential';

const markIn = searchFor(idMark);

export const holdsMark = (bytes: Uint8Array): boolean => markIn(bytes) >= 0;
