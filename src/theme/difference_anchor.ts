/** The anchor, on its chapter's page, of a difference from the original. */
export function anchorOfDifference(id: string): string {
  return `differs-${id}`;
}
