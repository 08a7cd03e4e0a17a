/** How much of a run was looked through, in words: there is no more of it than there has been. */
export function extentOf({ ended }: { readonly ended?: boolean }): string {
  return ended === true ? 'whole run' : 'run so far';
}
