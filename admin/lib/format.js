// Times, spans and numbers as an operator reads them.

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hour12: false });
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const whole = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** @type {{ ahead: number }} How far the server's clock is ahead of ours. */
const skew = { ahead: 0 };

/**
 * Takes the server's time from an answer, so that what is left is counted by its clock.
 * @param {string} now
 */
export function learnTime(now) {
  skew.ahead = Date.parse(now) - Date.now();
}

/** The server's time. */
export const serverNow = () => Date.now() + skew.ahead;

/**
 * `41 s`, `3 min 05 s`, `41 min`, `7 h 20 min`
 * @param {number} ms
 * @returns {string}
 */
export function span(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return `${minutes} min ${two(seconds % 60)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${two(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} days`;
}

/** @param {number} number */
const two = (number) => String(number).padStart(2, '0');

/**
 * The time of day, with the day when it is another one.
 * @param {string} at
 */
export function moment(at) {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(serverNow()).toDateString();
  return isToday ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`;
}

/**
 * `340 ms`, `1.24 s`
 * @param {number | null | undefined} ms
 */
export function duration(ms) {
  if (ms === null || ms === undefined) return '–';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** @param {number | null | undefined} number */
export const count = (number) =>
  number === null || number === undefined ? '–' : whole.format(number);

/** @param {number | null | undefined} number */
export const short = (number) =>
  number === null || number === undefined ? '–' : compact.format(number);

/** @type {Readonly<Record<string, string>>} */
const words = {
  minute: 'per-minute quota',
  day: 'daily quota',
  no_access: 'no access',
  not_its_model: 'not its model',
  service_account: 'service account',
  authorized_user: 'user credential',
  api_key: 'API key',
  not_needed: 'not needed',
};

/**
 * A name of the API's in plain words.
 * @param {string | null | undefined} name
 */
export const plain = (name) => (name ? (words[name] ?? name.replaceAll('_', ' ')) : '');

/**
 * @param {number} number
 * @param {string} one
 * @param {string} [many]
 */
export const plural = (number, one, many = `${one}s`) =>
  `${count(number)} ${number === 1 ? one : many}`;
