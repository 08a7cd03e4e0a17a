/**
 * A number in groups of seven bits, least significant first, each but the last with bit 7 set (DWARF 2, section 7.6). Without a sign a negative number is
 * one of 64 bits.
 */
export function leb128(value: bigint, signed: boolean): number[] {
  const bytes: number[] = [];
  for (let rest = signed || value >= 0n ? value : BigInt.asUintN(64, value); ; ) {
    const group = Number(BigInt.asUintN(7, rest));
    rest >>= 7n;
    const last = signed ? rest === (group & 0x40 ? -1n : 0n) : rest === 0n;
    bytes.push(last ? group : group | 0x80);
    if (last) return bytes;
  }
}
