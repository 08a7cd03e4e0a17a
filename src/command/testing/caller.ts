/** For tests: a Guest that knows nothing of its network, and finds its way by itself. */
import { readFileSync } from 'node:fs';

/**
 * It asks for an address by DHCP (RFC 2131), for the gateway's by ARP (RFC 826), for an echo from there (RFC 792), and by TCP (RFC 9293) for a page of the server on the port that its command line names. It
 * prints what it hears.
 */
export const CALLER = readFileSync(new URL('./caller.S', import.meta.url), 'utf8');
