// Views are functions from data to elements. What they make is laid over what stands there, so that
// focus, selection and open details outlive a poll.

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {string | number | boolean | null | undefined} Attribute */

/**
 * Makes an element. Text is only ever text here, never markup.
 * @param {string} tag
 * @param {Record<string, Attribute>} [attributes] true sets an empty one; false, null and undefined none.
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children.flat()) {
    if (child === false || child === null || child === undefined) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/**
 * Makes the children of `target` those given, and keeps each element that is of the same kind.
 * @param {Element} target
 * @param {...Child} children
 */
export function lay(target, ...children) {
  morphChildren(target, h('div', {}, ...children));
}

/**
 * @param {Node} a
 * @param {Node} b
 */
function isSameKind(a, b) {
  if (a.nodeType !== b.nodeType || a.nodeName !== b.nodeName) return false;
  if (!(a instanceof Element && b instanceof Element)) return true;
  return a.getAttribute('data-key') === b.getAttribute('data-key');
}

/**
 * @param {Element} target
 * @param {Element} wanted
 */
function morphChildren(target, wanted) {
  let current = target.firstChild;
  for (const next of [...wanted.childNodes]) {
    const match = matchFrom(current, next);
    if (!match) {
      target.insertBefore(next, current);
      continue;
    }
    while (current && current !== match) current = removed(current);
    morph(match, next);
    current = match.nextSibling;
  }
  while (current) current = removed(current);
}

/**
 * The first of the rest that may become `next`. Only what has a key is looked for further on.
 * @param {ChildNode | null} from
 * @param {Node} next
 */
function matchFrom(from, next) {
  if (from && isSameKind(from, next)) return from;
  if (!(next instanceof Element && next.hasAttribute('data-key'))) return null;
  for (let node = from; node; node = node.nextSibling) if (isSameKind(node, next)) return node;
  return null;
}

/**
 * Takes a node away and gives the one after it.
 * @param {ChildNode} node
 */
function removed(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

/** What the reader did with an element is the reader's. */
const ofTheReader = new Set(['open']);

/**
 * @param {Node} target
 * @param {Node} wanted
 */
function morph(target, wanted) {
  if (!(target instanceof Element && wanted instanceof Element)) {
    if (target.nodeValue !== wanted.nodeValue) target.nodeValue = wanted.nodeValue;
    return;
  }
  if (target.hasAttribute('data-own')) return;
  for (const { name } of [...target.attributes]) {
    if (!wanted.hasAttribute(name) && !ofTheReader.has(name)) target.removeAttribute(name);
  }
  for (const { name, value } of [...wanted.attributes]) {
    if (target.getAttribute(name) !== value) target.setAttribute(name, value);
  }
  morphChildren(target, wanted);
}
