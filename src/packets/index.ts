/** Packets of the Internet, for all who have to do with them: the Host, the gateway, the tests. The folder's only door. */
export { answerFrame } from './answers.ts';
export { checksum } from './checksum.ts';
