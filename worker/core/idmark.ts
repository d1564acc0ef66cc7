// Ids of what is stored at Google's that carry a credential: cpp/gateway/marked_id.h makes them.
import { searchFor } from './search.ts';

/** What they begin with. */
export const idMark = 'rondocredential';

export const holdsMark = searchFor(idMark);
