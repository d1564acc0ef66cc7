/** As protobuf spells it: with 0, 3, 6 or 9 decimals. https://protobuf.dev/programming-guides/json/ */
export function timestamp(ms: number, decimals: '' | '031' | '031456' = '031456'): string {
  return new Date(ms).toISOString().replace('Z', `${decimals}Z`);
}
