/**
 * Sets a value as the newest of a map that holds `most` at the most, and gives the keys that had to go
 * for it: those that were set longest ago.
 */
export const keepNewest = <Key, Value>(
  map: Map<Key, Value>,
  key: Key,
  value: Value,
  most: number,
): Key[] => {
  map.delete(key);
  map.set(key, value);
  const gone: Key[] = [];
  for (const oldest of map.keys()) {
    if (map.size <= most) break;
    map.delete(oldest);
    gone.push(oldest);
  }
  return gone;
};
