/** What the site has beside its pages, as they use it. What is made when it is built stands in `build/`. */
export { changes } from './changes.ts';
export type { Change } from './changes.ts';
export { FEED_FILE } from './feed_file.ts';
export { OFFLINE_FILE, useKeeping } from './offline/keep.ts';
export type { Keeping } from './offline/keep.ts';
export { KINDS, SEARCH_FILE } from './search/types.ts';
export type { Finding, Findings, Kind, SearchData } from './search/types.ts';
