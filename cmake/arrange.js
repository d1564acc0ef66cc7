// @ts-check
// Names the functions of a module so that those which look alike follow each other in the names'
// order: `wasm-opt --reorder-functions-by-name` then puts them so. Gzip looks back but 32 KB, and the
// instances of one template lie further apart, each where its first user was linked.
//
//   node arrange.js MODULE
import { readFileSync, writeFileSync } from 'node:fs';

const sectionId = { custom: 0, imports: 2, code: 10 };
const headerBytes = 8;

/**
 * @typedef {object} Section
 * @property {number} id
 * @property {Uint8Array} body
 */

/** Reads numbers and bytes one after the other. */
class Reader {
  at = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
  }

  get isAtEnd() {
    return this.at >= this.bytes.length;
  }

  byte() {
    return this.bytes[this.at++] ?? 0;
  }

  /** An unsigned LEB128. */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  /** What stands behind its length. */
  counted() {
    const size = this.number();
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }
}

/** @param {Uint8Array} module */
const sectionsOf = (module) => {
  const reader = new Reader(module.subarray(headerBytes));
  /** @type {Section[]} */
  const sections = [];
  while (!reader.isAtEnd) sections.push({ id: reader.byte(), body: reader.counted() });
  return sections;
};

/**
 * What the code section holds: each function's locals and instructions.
 * @param {readonly Section[]} sections
 */
const functionsOf = (sections) => {
  const reader = new Reader(
    sections.find(({ id }) => id === sectionId.code)?.body ?? new Uint8Array(),
  );
  return Array.from({ length: reader.number() }, () => reader.counted());
};

/**
 * How many functions are imported: they have the first indices. All of ours are functions.
 * @param {readonly Section[]} sections
 */
const importsOf = (sections) => {
  const imports = sections.find(({ id }) => id === sectionId.imports);
  return imports ? new Reader(imports.body).number() : 0;
};

// --- What looks alike ------------------------------------------------------------------------------

const pieceBytes = 6;
/** In more functions than this a piece says nothing. */
const mostSharing = 100;
/** How much of what the functions before had counts still, from one to the next. */
const fading = 0.95;
const least = 0.05;

/**
 * The pieces of a function, each as a number.
 * @param {Uint8Array} code
 */
const piecesOf = (code) => {
  /** @type {Set<number>} */
  const pieces = new Set();
  for (let at = 0; at + pieceBytes <= code.length; at += 1) {
    let hash = 0x811c9dc5;
    for (let i = 0; i < pieceBytes; i += 1)
      hash = Math.imul(hash ^ (code[at + i] ?? 0), 0x01000193);
    pieces.add(hash >>> 0);
  }
  return pieces;
};

/**
 * For each function those that share pieces with it, and how much that says.
 * @param {readonly Set<number>[]} pieces
 */
const likenesses = (pieces) => {
  /** @type {Map<number, number[]>} */
  const holders = new Map();
  pieces.forEach((all, index) => {
    for (const piece of all) {
      const list = holders.get(piece);
      if (list) list.push(index);
      else holders.set(piece, [index]);
    }
  });
  return pieces.map((all, index) => {
    /** @type {Map<number, number>} */
    const alike = new Map();
    for (const piece of all) {
      const list = holders.get(piece) ?? [];
      if (list.length > mostSharing) continue;
      for (const other of list) {
        if (other !== index) alike.set(other, (alike.get(other) ?? 0) + 1 / Math.sqrt(list.length));
      }
    }
    return alike;
  });
};

/**
 * The functions' indices, each followed by the one that is most like the last ones.
 * @param {readonly Uint8Array[]} functions
 */
export const orderOf = (functions) => {
  const pieces = functions.map(piecesOf);
  const alike = likenesses(pieces);
  const left = new Set(functions.keys());
  /** @type {Map<number, number>} */
  const near = new Map();
  /** @type {number[]} */
  const order = [];
  const nearest = () => {
    let best = -1;
    let most = 0;
    for (const [index, weight] of near) {
      const score = weight / (Math.sqrt(pieces[index]?.size ?? 0) + 20);
      if (score > most) [best, most] = [index, score];
    }
    return best;
  };
  while (left.size > 0) {
    const found = nearest();
    const [first = 0] = left;
    const next = found < 0 ? first : found;
    left.delete(next);
    near.delete(next);
    order.push(next);
    for (const [index, weight] of near) {
      if (weight * fading < least) near.delete(index);
      else near.set(index, weight * fading);
    }
    for (const [index, weight] of alike[next] ?? []) {
      if (left.has(index)) near.set(index, (near.get(index) ?? 0) + weight);
    }
  }
  return order;
};

// --- The names ---------------------------------------------------------------------------------------

/** @param {number} value */
const leb = (value) => {
  /** @type {number[]} */
  const bytes = [];
  for (let rest = value; ; ) {
    const low = rest % 0x80;
    rest = (rest - low) / 0x80;
    bytes.push(rest > 0 ? low | 0x80 : low);
    if (rest === 0) return bytes;
  }
};

/** @param {readonly number[]} bytes */
const counted = (bytes) => [...leb(bytes.length), ...bytes];

/** @param {string} text */
const nameOf = (text) => counted([...Buffer.from(text)]);

/**
 * The module with a section of names behind it, by which its functions stand in this order.
 * https://webassembly.github.io/spec/core/appendix/custom.html#name-section
 * @param {Uint8Array} module
 */
export const named = (module) => {
  const sections = sectionsOf(module);
  const imported = importsOf(sections);
  const order = orderOf(functionsOf(sections));
  const ranks = order
    .map((index, rank) => ({ index: imported + index, name: `f${String(rank).padStart(6, '0')}` }))
    .sort((a, b) => a.index - b.index);
  const functionNames = [
    ...leb(ranks.length),
    ...ranks.flatMap(({ index, name }) => [...leb(index), ...nameOf(name)]),
  ];
  const body = [...nameOf('name'), 1, ...counted(functionNames)];
  return Buffer.concat([module, Buffer.from([sectionId.custom, ...counted(body)])]);
};

const [, program, path] = process.argv;
if (program === import.meta.filename && path) writeFileSync(path, named(readFileSync(path)));
