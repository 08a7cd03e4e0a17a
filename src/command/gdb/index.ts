/** gdb, at the other end of a wire: its remote protocol, and a Guest that goes both ways. */
export { converse } from './converse.ts';
export { GuestTarget } from './guest_target.ts';
