/**
 * A marker's dress, as the class of its badge: solid for the milestones of the original, dashed for what this book has added.
 * @param id a marker or a chunk's id: `H:340`, `H:340.flags`
 * @param milestones the markers of the original, each between spaces
 */
export function markerClass(id: string, milestones: string): string {
  return milestones.includes(` ${id.split('.', 1)[0]} `) ? 'marker' : 'marker marker--own';
}
