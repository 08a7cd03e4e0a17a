/**
 * Why an access to a physical page is more than an access: bytes in it have been decoded; a page walk has read it; it is as the last checkpoint has it; somebody outside
 * watches words in it.
 */
export const MARK_CODE = 1;
export const MARK_TABLE = 2;
export const MARK_CLEAN = 4;
export const MARK_WATCHED = 8;
