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
/** The same for 16-bit code, where addresses are other sums. */
const NOPS16: readonly (readonly number[])[] = [[], [0x90], [0x66, 0x90], [0x8d, 0x74, 0x00], [0x8d, 0xb4, 0x00, 0x00]];
/** From this many of the longest on, a jump over them comes first. */
const TOO_MANY = 3;

/** `count` bytes of padding between instructions. */
export function codePadding(count: number, code16 = false): number[] {
  const nops = code16 ? NOPS16 : NOPS;
  const longest = nops.length - 1;
  const bytes: number[] = [];
  let left = count;
  if (Math.floor(count / longest) >= TOO_MANY) {
    if (count - 2 <= 127) {
      bytes.push(0xeb, count - 2);
      left -= 2;
    } else if (code16) {
      left -= 3;
      bytes.push(0xe9, left & 0xff, (left >> 8) & 0xff);
    } else {
      left -= 5;
      bytes.push(0xe9, left & 0xff, (left >> 8) & 0xff, (left >> 16) & 0xff, (left >> 24) & 0xff);
    }
  }
  for (; left >= longest; left -= longest) bytes.push(...nops[longest]);
  bytes.push(...nops[left]);
  return bytes;
}
