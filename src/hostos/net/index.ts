/** The Host's network. The folder's only door. */
export { createNet, IFF_UP, receiveFrame } from './interfaces.ts';
export {
  addBridge,
  IFF_NO_PI,
  IFF_TAP,
  ifNametoindex,
  SIOCBRADDBR,
  SIOCBRADDIF,
  SIOCGIFFLAGS,
  SIOCGIFHWADDR,
  SIOCSIFADDR,
  SIOCSIFFLAGS,
  SIOCWIRE,
  socketOperations,
  sysSocket,
  tunInit,
  tunOperations,
  TUNSETIFF,
  TUNSETNOCSUM,
} from './tun.ts';
