/** Instructions that do nothing, by length, as GNU as pads 32-bit code for any i386. */
const NOPS: readonly (readonly number[])[] = [
  [],
  [0x90],
  [0x66, 0x90],
  [0x8d, 0x76, 0x00],
  [0x8d, 0x74, 0x26, 0x00],
  [0x8d, 0x74, 0x26, 0x00, 0x90],
  [0x8d, 0xb6, 0, 0, 0, 0],
  [0x8d, 0xb4, 0x26, 0, 0, 0, 0],
];
const LONGEST = 7;
/** From this many of the longest on, a jump over them comes first. */
const TOO_MANY = 3;

/** `count` bytes of padding between instructions. */
export function codePadding(count: number): number[] {
  const bytes: number[] = [];
  let left = count;
  if (Math.floor(count / LONGEST) >= TOO_MANY) {
    if (count - 2 <= 127) {
      bytes.push(0xeb, count - 2);
      left -= 2;
    } else {
      left -= 5;
      bytes.push(0xe9, left & 0xff, (left >> 8) & 0xff, (left >> 16) & 0xff, (left >> 24) & 0xff);
    }
  }
  for (; left >= LONGEST; left -= LONGEST) bytes.push(...NOPS[LONGEST]);
  bytes.push(...NOPS[left]);
  return bytes;
}
