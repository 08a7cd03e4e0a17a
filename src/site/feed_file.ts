/** Where the build puts the feed of changes, below the site's address. */
export const FEED_FILE = 'feed.xml';
