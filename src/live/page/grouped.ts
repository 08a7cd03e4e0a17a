/**
 * A whole number with commas between its thousands.
 * Not by `toLocaleString`: its first call in a page takes longer than a frame has, and that frame is the one in which a Guest starts.
 */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
