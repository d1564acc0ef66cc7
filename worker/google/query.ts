// The query of a request in Google's own dialect: what of it goes on to Google.
// https://cloud.google.com/apis/docs/system-parameters

/** The parameter by which an upload's address lets its bytes in (uploadpass.ts). */
export const uploadPass = 'x-rondo-upload';

/**
 * Google's system parameters by which a query says who asks and who pays, or takes the place of what was
 * judged here: the method, the type, the body.
 */
const ours = new Set([
  ...['key', 'access_token', 'oauth_token', 'bearer_token', 'userProject', 'callback'],
  uploadPass,
]);

/** Those that shape the answer alone. */
const ofAnswer = new Set(['$alt', '$fields', '$prettyPrint', '$.xgafv']);

/** All that may stand beside a body: those, and what says how an upload goes on, and with whom. */
const besideBody = new Set([
  ...ofAnswer,
  ...['alt', 'fields', 'prettyPrint', 'quotaUser'],
  ...['uploadType', 'upload_protocol', 'upload_id', 'x-rondo-credential'],
]);

/** What of a resource a change is for. */
const ofChange = new Set(['updateMask', 'update_mask']);

export const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const nameOf = (parameter: string): string => decoded(parameter.split('=', 1)[0] ?? '').trim();

const mayPass = (parameter: string): boolean => {
  const name = nameOf(parameter);
  return name.startsWith('$') ? ofAnswer.has(name) : !ours.has(name);
};

const passing = (query: string): string[] => query.split('&').filter(mayPass);

/** The query as it came, but for what is ours to say. */
export const passedQuery = (query: string): string => passing(query).join('&');

/**
 * The name of the first parameter beside a body that Google might bind to a field of the request. What is
 * allowed, counted and found of a request is read from its body, and such a field would go past it.
 */
export const fieldInQuery = (query: string, method: string): string | undefined =>
  passing(query)
    .map(nameOf)
    .find((name) => {
      const isKnown = besideBody.has(name) || (method === 'PATCH' && ofChange.has(name));
      return name !== '' && !isKnown;
    });
