// Who is in the pool, who is out, and until when.
import { act, Refusal, read } from '../lib/api.js';
import { h, lay } from '../lib/dom.js';
import { count, duration, moment, plain } from '../lib/format.js';
import { ago, badge, countdown, empty, outward, table } from '../lib/parts.js';
import { resting } from '../lib/verdict.js';

/** @typedef {import('../types.d.ts').Pool} Pool */
/** @typedef {import('../types.d.ts').Credential} Credential */
/** @typedef {import('../types.d.ts').Problem} Problem */
/** @typedef {import('../types.d.ts').Settings} Settings */
/** @typedef {import('../types.d.ts').Tested} Tested */

/** What an operator did with a credential, until the next thing.
 * @typedef {{ text: string, tone: 'good' | 'bad' | 'calm', remedy?: string | null, link?: string | null }} Note */

export class PoolView extends HTMLElement {
  /** By id, since two may have one alias. @type {Map<string, Note>} */
  #notes = new Map();
  /** @type {Pool | undefined} */
  #pool;
  /** Of all settings: the pool tells of its own. @type {Problem[] | undefined} */
  #problems;
  /** @param {MouseEvent} event */
  #pressed = (event) => void this.#onClick(event);

  connectedCallback() {
    this.addEventListener('click', this.#pressed);
  }

  /** @param {Pool} pool */
  async load(pool) {
    this.#pool = pool;
    this.#show();
    /** @type {Settings} */
    const { problems } = await read('settings');
    this.#problems = problems;
    this.#show();
  }

  #show() {
    const pool = this.#pool;
    if (!pool) return;
    const faults = this.#problems ?? pool.problems;
    lay(
      this,
      h('h1', {}, 'Pool'),
      faults.length > 0 && problems(faults),
      grid(pool),
      h('h2', {}, 'Credentials'),
      h('ul', { class: 'cards' }, ...pool.credentials.map((one) => this.#card(one, pool))),
      h('p', { class: 'foot' }, describe(pool)),
    );
  }

  /**
   * @param {Credential} one
   * @param {Pool} pool
   */
  #card(one, pool) {
    const note = this.#notes.get(one.id);
    const pairs = resting(pool).filter(({ credential }) => credential === one.alias).length;
    return h(
      'li',
      { class: `card ${one.state}`, 'data-key': one.id, 'data-alias': one.alias },
      h(
        'div',
        { class: 'cardhead' },
        h('h3', {}, one.alias),
        badge(one.state),
        pairs > 0 &&
          one.state === 'ready' &&
          h('span', { class: 'badge warm' }, `${pairs} cooling`),
      ),
      h(
        'p',
        { class: 'sub' },
        [plain(one.kind), one.project, one.backend, one.location].filter(Boolean).join(' · '),
      ),
      one.state !== 'ready' && stateLine(one),
      h(
        'dl',
        {},
        ...fact('Served', servedOf(one)),
        ...fact('Token', ...tokenOf(one)),
        ...fact('Models', one.models?.join(', ') || 'all'),
        ...(one.weight === 1 ? [] : fact('Weight', String(one.weight))),
      ),
      one.last_error && lastError(one.last_error),
      h('div', { class: 'actions' }, button('test', one, 'Test'), button('reset', one, 'Reset')),
      h(
        'p',
        { class: `outcome ${note?.tone ?? ''}`, role: 'status' },
        note?.text,
        note?.remedy && ` ${note.remedy}`,
        note?.link && ' ',
        note?.link && outward(note.link, 'Open at Google'),
      ),
    );
  }

  /** @param {MouseEvent} event */
  async #onClick(event) {
    const pressed = event.target instanceof Element ? event.target.closest('button') : null;
    const { act: action, id } = pressed?.dataset ?? {};
    if (!pressed || !action || !id) return;
    this.#note(id, { text: action === 'test' ? 'Testing…' : 'Resetting…', tone: 'calm' });
    this.#note(id, await (action === 'test' ? test(id) : reset(id)));
    this.dispatchEvent(new CustomEvent('rondo-poll', { bubbles: true }));
  }

  /**
   * @param {string} id
   * @param {Note} note
   */
  #note(id, note) {
    this.#notes.set(id, note);
    this.#show();
  }
}

/** @param {Pool} pool */
function describe({ scope, scope_since: since, strategy, bindings }) {
  const shared = [bindings.kv && 'KV', bindings.pool && 'the Durable Object'].filter(Boolean);
  const whose = scope === 'deployment' ? 'of the whole deployment' : 'of this isolate alone';
  return [
    `Numbers ${whose}${since ? `, since ${moment(since)}` : ''}.`,
    `Strategy: ${plain(strategy)}.`,
    shared.length > 0 ? `State is shared through ${shared.join(' and ')}.` : 'State is not shared.',
  ].join(' ');
}

/** @param {Problem[]} faults */
const problems = (faults) =>
  h(
    'div',
    { class: 'notice bad' },
    h('strong', {}, 'Some settings are wrong'),
    h(
      'ul',
      {},
      ...faults.map(({ variable, fault }) => h('li', {}, h('code', {}, variable), ` ${fault}`)),
    ),
  );

/** @param {Pool} pool */
function grid(pool) {
  if (pool.models.length === 0) return empty('No model was asked for yet.');
  const rows = pool.credentials.map((one) =>
    h(
      'tr',
      { 'data-key': one.id },
      h('th', { scope: 'row', class: 'name' }, one.alias),
      ...pool.models.map((model) => cell(pool, one, model)),
    ),
  );
  return table('Credential by model', ['Credential', ...pool.models], rows, 'grid');
}

/**
 * @param {Pool} pool
 * @param {Credential} one
 * @param {string} model
 */
function cell(pool, one, model) {
  const cooling = pool.cooling.find(
    (pair) => pair.model === model && (pair.credential === one.alias || pair.credential === null),
  );
  if (one.state === 'quarantined') return outCell(one);
  if (cooling) return restingCell(cooling.reason, cooling.until);
  if (one.state === 'cooling') return restingCell(one.reason ?? 'cooling', one.until);
  if (!allows(one.models, model)) return h('td', { class: 'none' }, 'not its model');
  return h('td', { class: 'good' }, 'ready');
}

/** @param {Credential} one */
const outCell = ({ reason, until }) =>
  h(
    'td',
    { class: 'bad' },
    ...(until === null ? ['out'] : ['out, ', countdown(until)]),
    h('small', {}, plain(reason)),
  );

/**
 * @param {string} reason
 * @param {string | null} until
 */
const restingCell = (reason, until) =>
  h(
    'td',
    { class: 'warm' },
    until === null ? 'cooling' : countdown(until),
    h('small', {}, plain(reason)),
  );

/**
 * @param {string[] | null} patterns `*` stands for anything.
 * @param {string} model
 */
function allows(patterns, model) {
  if (!patterns || patterns.length === 0) return true;
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(model);
  });
}

/**
 * One that is out is only tried again then.
 * @param {Credential} one
 */
function untilOf({ state, until }) {
  if (until === null) return [];
  const what = state === 'quarantined' ? ', tried again in ' : ', free in ';
  return [what, countdown(until), ` (${moment(until)})`];
}

/** @param {Credential} one */
const stateLine = (one) =>
  h(
    'p',
    { class: `why ${one.state === 'cooling' ? 'warm' : 'bad'}` },
    one.reason ? plain(one.reason) : plain(one.state),
    ...untilOf(one),
    one.remedy && `. ${one.remedy}`,
    ' ',
    outward(one.link, 'Open at Google'),
  );

/**
 * @param {string} name
 * @param {...(string | Node)} value
 */
const fact = (name, ...value) => [h('dt', {}, name), h('dd', {}, ...value)];

/** @param {Credential} one */
function servedOf({ attempts, failures }) {
  if (attempts === 0) return 'nothing yet';
  return `${count(attempts - failures)} of ${count(attempts)} attempts`;
}

/**
 * @param {Credential} one
 * @returns {(string | Node)[]}
 */
function tokenOf({ token: { state, minted, expires } }) {
  if (state === 'not_needed') return ['not needed'];
  if (state === 'none') return ['none yet'];
  return [
    plain(state),
    ...(minted ? [' · ', ago(minted), ' old'] : []),
    ...(expires && state !== 'expired' ? [' · ', countdown(expires), ' left'] : []),
  ];
}

/** @param {NonNullable<Credential['last_error']>} error */
const lastError = (error) =>
  h(
    'details',
    { class: 'lasterror' },
    h(
      'summary',
      {},
      'Last error: ',
      h('strong', {}, [error.status, plain(error.class)].filter(Boolean).join(' ')),
      ...(error.at ? [', ', ago(error.at), ' ago'] : []),
    ),
    h('p', {}, error.model && h('code', {}, error.model), ' ', error.message),
    (error.remedy || error.link) &&
      h('p', { class: 'remedy' }, error.remedy, ' ', outward(error.link, 'Open at Google')),
  );

/**
 * @param {string} action
 * @param {Credential} one
 * @param {string} text
 */
const button = (action, { id, alias }, text) =>
  h(
    'button',
    { type: 'button', 'data-act': action, 'data-id': id, 'aria-label': `${text} ${alias}` },
    text,
  );

/**
 * @param {string} id
 * @returns {Promise<Note>}
 */
async function reset(id) {
  try {
    await act(`credentials/${id}/reset`);
    return { text: 'Reset: it may serve again.', tone: 'good' };
  } catch (error) {
    return { text: messageOf(error), tone: 'bad' };
  }
}

/**
 * @param {string} id
 * @returns {Promise<Note>}
 */
async function test(id) {
  try {
    /** @type {Tested} */
    const told = await act(`credentials/${id}/test`);
    if (told.ok)
      return { text: `Works: ${told.model} answered in ${duration(told.ms)}.`, tone: 'good' };
    const what = [told.status, plain(told.class)].filter(Boolean).join(' ');
    return {
      text: `Failed: ${what}. ${told.message ?? ''}`,
      tone: 'bad',
      remedy: told.remedy,
      link: told.link,
    };
  } catch (error) {
    return { text: messageOf(error), tone: 'bad' };
  }
}

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Refusal ? error.message : String(error));

customElements.define('rondo-pool', PoolView);
