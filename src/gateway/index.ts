/** The gateway of `--tunnet=user`. The folder's only door. */
export { FIRST_GUEST, Gateway, GATEWAY } from './gateway.ts';
export type { GatewayOptions } from './gateway.ts';
export type { Dialer, Peer, PeerEvents } from './tcp/peer.ts';
export type { Ipv4 } from './packets.ts';
