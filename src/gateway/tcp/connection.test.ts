/** TCP by the book: what the RFCs say of each situation, as scripts (see script.ts). */
import { describe, test } from 'vitest';
import { OPEN, play } from '../testing/script.ts';

/** The peer does not listen, and the Guest has said so much to it that there is no more room. */
const FULL = 'peer is deaf; > . 1:40001 ack 1; < . 1 ack 40001 win 25535; > . 40001:65536 ack 1; < . 1 ack 65536 win 0';

const run = (_: string, script: string): void => play(script);

/** The same some times over, with differences. */
function times(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join('; ');
}

describe('a connection', () => {
  test.each<[string, string]>([
    ['is answered when the peer has answered', `${OPEN}; = alive`],
    ['that the peer refuses is refused', '> S 0; peer fails; < R. ack 1; = forgotten'],
    [
      'carries words both ways',
      `${OPEN}; > P. 1:6 ack 1; < . 1 ack 6; = heard 5; peer says 2500; < . 1:1001 ack 6; < . 1001:2001; < P. 2001:2501`,
    ],
    [
      'is over when the Guest has ended, and then the peer (CLOSE-WAIT, LAST-ACK: 3.6)',
      `${OPEN}; > F. 1 ack 1; < . 1 ack 2; = ended; = not closed; peer ends; < F. 1 ack 2; > . 2 ack 2; = closed; +100; = forgotten`,
    ],
    [
      'is over when the peer has ended, and then the Guest, whose last word may come twice (FIN-WAIT, TIME-WAIT)',
      `${OPEN}; peer ends; < F. 1 ack 1; > . 1 ack 2; > F. 1 ack 2; < . 2 ack 2; = closed; +1500; = not forgotten; > F. 1 ack 2; < . 2 ack 2; +1500; = not forgotten; +600; = forgotten`,
    ],
    [
      'is over when both end at once (CLOSING: figure 14)',
      `${OPEN}; peer ends; < F. 1 ack 1; > F. 1 ack 1; < . 2 ack 2; = ended; > . 2 ack 2; = closed; +1500; = not forgotten; +600; = forgotten`,
    ],
    [
      'is over when one segment ends it and knows that the peer has',
      `${OPEN}; peer ends; < F. 1 ack 1; > F. 1 ack 2; < . 2 ack 2; = closed; +2100; = forgotten`,
    ],
    [
      'half closed by the Guest still carries what the peer says, all of it',
      `${OPEN}; > F. 1 ack 1; < . 1 ack 2; peer says 1500; < . 1:1001; < P. 1001:1501; > . 2 ack 1501; +120000; peer says 5; < P. 1501:1506; peer ends; < F. 1506; > . 2 ack 1507; = closed`,
    ],
    [
      'half closed by the peer still carries what the Guest says',
      `${OPEN}; peer ends; < F. 1; > . 1 ack 2; +120000; > P. 1:1001 ack 2; < . 2 ack 1001; > PF. 1001:1501 ack 2; < . 2 ack 1502; = heard 1500; = ended; = closed`,
    ],
    [
      'carries words with the SYN’s acknowledgement, and the end, too',
      '> S 0; peer opens; < S. 0; > PF. 1:6 ack 1; < . 1 ack 7; = heard 5; = ended',
    ],
    [
      'gives the Guest what the peer said before the Guest was there',
      '> S 0; peer opens; < S. 0; peer says 5; peer ends; > . 1 ack 1; < P. 1:6; < F. 6',
    ],
    ['carries urgent bytes in their place (3.8.5)', `${OPEN}; > U. 1:6 ack 1; < . 1 ack 6; > . 6:10 ack 1; < . 1 ack 10; = heard 9`],
  ])('%s', run);
});

describe('TCP-1: whoever asks whether we are there is answered', () => {
  test.each<[string, string]>([
    ['a keep-alive without data (RFC 1122, 4.2.3.6)', `${OPEN}; > . 0 ack 1; < . 1 ack 1 win 65535`],
    ['a keep-alive with its byte of garbage', `${OPEN}; > . 1:6 ack 1; < . 1 ack 6; > . 5:6 ack 1; < . 1 ack 6; = heard 5`],
    ['again and again', `${OPEN}; ${times(5, () => '+75000; > . 0 ack 1; < . 1 ack 1')}; = alive`],
    [
      'a knock at our shut window, with a byte, is not taken (3.8.6.1)',
      `${OPEN}; peer is deaf; > . 1:60001 ack 1; < . 1 ack 60001; > . 60001:65536 ack 1; < . 1 ack 65536 win 0; > . 65536:65537 ack 1; < . 1 ack 65536 win 0; = heard 65535; peer takes 65535; < . 1 ack 65536 win 65535`,
    ],
    ['a knock without data, which is old', `${OPEN}; ${FULL}; > . 65535 ack 1; < . 1 ack 65536 win 0`],
    ['old data (3.10.7.4)', `${OPEN}; > . 1:6 ack 1; < . 1 ack 6; > . 1:6 ack 1; < . 1 ack 6; = heard 5`],
    [
      'but not without end: two that set each other right would never stop (RFC 5961, 7)',
      `${OPEN}; ${times(30, (i) => `> . 70000 ack 1${i < 10 ? '; < . 1 ack 1' : ''}`)}; +1000; > . 0 ack 1; < . 1 ack 1`,
    ],
  ])('%s', run);
});

describe('TCP-2: the Guest’s shut window', () => {
  test.each<[string, string]>([
    [
      'is knocked at ever more slowly, and for ever, as long as the Guest answers (RFC 9293, 3.8.6.1; RFC 1122, 4.2.2.17)',
      `${OPEN}; > . 1 ack 1 win 0; peer says 3000; ${times(12, (i) => `+${Math.min(60000, 200 << i)}; < . 1:2 ack 1; > . 1 ack 1 win 0`)}; = alive; > . 1 ack 1 win 20000; < . 1:1001; < . 1001:2001; < P. 2001:3001`,
    ],
    [
      'whose owner does not answer the knocks is given up, and both are told',
      `${OPEN}; > . 1 ack 1 win 0; peer says 3000; +121000; < *; = not reset; +60000; < *; = reset; = forgotten`,
    ],
    [
      'is waited for by the peer’s end, too',
      `${OPEN}; > . 1 ack 1 win 0; peer ends; +200; < F. 1; > . 1 ack 1 win 0; +400; < F. 1; > . 1 ack 2 win 0; +100000; = not forgotten`,
    ],
    [
      'makes a peer that says too much pause, until there is room again',
      `${OPEN}; > . 1 ack 1 win 0; peer says 270000; = paused; > . 1 ack 1 win 65535; < *; > . 1 ack 65001 win 65535; < *; > . 1 ack 130001 win 65535; < *; > . 1 ack 195001 win 65535; < *; = paused; > . 1 ack 260001 win 65535; < *; = not paused`,
    ],
    [
      'which shuts over what was sent, is knocked at as well (3.8.6)',
      `${OPEN}; peer says 2000; < . 1:1001; < P. 1001:2001; > . 1 ack 1 win 0; +200; < . 1:2; > . 1 ack 1 win 0; +400; < . 1:2; > . 1 ack 1 win 3000; < . 1:1001; < P. 1001:2001`,
    ],
  ])('%s', run);
});

describe('TCP-3: the Guest has begun anew', () => {
  test.each<[string, string]>([
    [
      'and calls where we still know a connection: the half-open one is found out (RFC 9293, 3.5.1, figure 9; RFC 5961, 4.2)',
      `${OPEN}; > S 500000; < . 1 ack 1; > R 1; = reset; > S 500000; = calls 2; peer opens; < S. 0 ack 500001`,
    ],
    [
      'a SYN in the window is none to believe, either',
      `${OPEN}; > S 5; < . 1 ack 1; > S. 5 ack 1; < . 1 ack 1; = alive; > P. 1:6 ack 1; < . 1 ack 6`,
    ],
    ['while the peer has not answered: it is called anew', '> S 0; > S 70000; = calls 2; peer opens; < S. 0 ack 70001'],
    ['the same call once more is the same call', '> S 0; > S 0; = calls 1; peer opens; < S. 0 ack 1; > S 0; < S. 0 ack 1; = calls 1'],
    [
      'another one, when ours is answered, but not acknowledged',
      '> S 0; peer opens; < S. 0 ack 1; > S 70000; < . 1 ack 1; > R 1; = reset; > S 70000; = calls 2',
    ],
    [
      'while the last word of the old connection is waited for: a later SYN is a new call (RFC 9293, 3.6.1), an older one is none',
      `${OPEN}; peer ends; < F. 1; > F. 1 ack 2; < . 2 ack 2; > S 0; < . 2 ack 2; = calls 1; > S 90000; = calls 2; peer opens; < S. 0 ack 90001`,
    ],
    ['and its interface is gone: whom it called is told', `${OPEN}; unplug; = reset; = forgotten`],
    [
      'and its interface is gone: a peer that has heard all of it hears it to the end',
      `${OPEN}; > PF. 1:6 ack 1; < . 1 ack 7; unplug; = closed; = not reset; = heard 5`,
    ],
    ['what it says of a connection that it has not is refused', '> S 0; > . 1 ack 77; < R'],
  ])('%s', run);
});

describe('TCP-4: after a shut window', () => {
  test.each<[string, string]>([
    [
      'a knock that was not taken leaves no hole',
      `${OPEN}; > . 1 ack 1 win 0; peer says 3000; +200; < . 1:2; > . 1 ack 1 win 0; > . 1 ack 1 win 5000; < . 1:1001; < . 1001:2001; < P. 2001:3001`,
    ],
    [
      'a knock that was taken is not said again',
      `${OPEN}; > . 1 ack 1 win 0; peer says 3000; +200; < . 1:2; > . 1 ack 2 win 5000; < . 2:1002; < . 1002:2002; < P. 2002:3001`,
    ],
    [
      'nor do two of them',
      `${OPEN}; > . 1 ack 1 win 0; peer says 3000; +200; < . 1:2; > . 1 ack 2 win 0; +400; < . 2:3; > . 1 ack 2 win 5000; < . 2:1002; < . 1002:2002; < P. 2002:3001`,
    ],
    [
      'a crumb of room is left alone (3.8.6.2.1), and taken after a while',
      `${OPEN}; > . 1 ack 1 win 0; peer says 3000; > . 1 ack 1 win 300; +200; < . 1:301; > . 1 ack 301 win 20000; < . 301:1301; < . 1301:2301; < P. 2301:3001`,
    ],
    [
      'our own opens only when there is room worth the word (3.8.6.2.2)',
      `${OPEN}; ${FULL}; peer takes 1000; peer takes 400; peer takes 60; < . 1 ack 65536 win 1460`,
    ],
    [
      'an end that came for it is taken when it is said again',
      `${OPEN}; ${FULL}; > F. 65536 ack 1; < . 1 ack 65536 win 0; = not ended; peer takes 65535; < . 1 win 65535; > F. 65536 ack 1; < . 1 ack 65537; = ended`,
    ],
  ])('%s', run);
});

describe('TCP-5: beyond our window', () => {
  test.each<[string, string]>([
    ['nothing is taken', `${OPEN}; > . 65536:65541 ack 1; < . 1 ack 1; > . 1:2 ack 1; < . 1 ack 2; = heard 1`],
    [
      'nothing of a segment that goes beyond it, but what goes not',
      `${OPEN}; peer is deaf; > . 1:60001 ack 1; < . 1 ack 60001 win 5535; > . 60001:70001 ack 1; < . 1 ack 65536 win 0; = heard 65535`,
    ],
    ['nor an end', `${OPEN}; > F. 65536 ack 1; < . 1 ack 1; = not ended`],
    [
      'an end behind a gap ends nothing yet',
      `${OPEN}; > F. 6:9 ack 1; < . 1 ack 1; = not ended; > . 1:6 ack 1; < . 1 ack 10; = heard 8; = ended`,
    ],
    [
      'what is said twice is heard once, what comes too early in its turn',
      `${OPEN}; > . 1:4 ack 1; < . 1 ack 4; > . 1:7 ack 1; < . 1 ack 7; > . 20:25 ack 1; < . 1 ack 7; > . 10:22 ack 1; < . 1 ack 7; > . 5:12 ack 1; < . 1 ack 25; = heard 24`,
    ],
    [
      'what is said behind the end is no part of it',
      `${OPEN}; > . 10:20 ack 1; < . 1 ack 1; > F. 1:5 ack 1; < . 1 ack 6; = heard 4; = ended; > . 6:10 ack 1; < . 1 ack 6; = heard 4`,
    ],
    [
      'many small pieces before their turn do not fill the memory: what is not kept is not acknowledged',
      `${OPEN}; ${times(300, (i) => `> . ${3 + 2 * i}:${4 + 2 * i} ack 1; < . 1 ack 1`)}; > . 1:258 ack 1; < . 1 ack 258; > . 258:604 ack 1; < . 1 ack 604; = heard 603`,
    ],
  ])('%s', run);
});

describe('TCP-6: what the Guest says of what we said', () => {
  test.each<[string, string]>([
    [
      'an old acknowledgement does not narrow the window (3.10.7.4: SND.WL1, SND.WL2)',
      `${OPEN}; peer says 1000; < P. 1:1001; > . 1 ack 1001 win 9000; > . 1 ack 1 win 10; peer says 1000; < P. 1001:2001`,
    ],
    [
      'nor does one from before',
      `${OPEN}; > . 1:6 ack 1 win 9000; < . 1 ack 6; > . 1 ack 1 win 10; < . 1 ack 6; peer says 1000; < P. 1:1001`,
    ],
    [
      'one of what was never said is set right, and what comes with it is not taken',
      `${OPEN}; > P. 1:6 ack 2; < . 1 ack 1; = heard 0; > P. 1:6 ack 1; < . 1 ack 6; = heard 5`,
    ],
    ['nor with one that is older than any could be (RFC 5961, 5.2)', `${OPEN}; > P. 1:6 ack -20001; < . 1 ack 1; = heard 0`],
    [
      'an old one is no harm to what comes with it',
      `${OPEN}; peer says 1000; < P. 1:1001; > . 1 ack 1001; > P. 1:6 ack 1; < . 1001 ack 6; = heard 5`,
    ],
    ['without one, nothing is taken', `${OPEN}; > P 1:6; = heard 0`],
    [
      'of our SYN, wrong: it is told (3.10.7.4), and the call goes on',
      '> S 0; peer opens; < S. 0; > . 1 ack 2; < R; > . 1 ack 1; = alive; > . 1:2 ack 1; < . 1 ack 2',
    ],
  ])('%s', run);
});

describe('a reset', () => {
  test.each<[string, string]>([
    ['with the next number ends it, and the peer is told', `${OPEN}; > R 1; = reset; +100; = forgotten`],
    ['in the window, but not there, is asked about (RFC 5961, 3.2)', `${OPEN}; > R 2; < . 1 ack 1; > R. 65535 ack 1; < . 1 ack 1; = alive`],
    ['out of the window is passed over', `${OPEN}; > R 0; > R 65536; > R 2000000; = alive`],
    ['at a shut window', `${OPEN}; ${FULL}; > R 65537; > R 65536; = reset`],
    ['before the call was answered', '> S 0; > R 1; = reset; = forgotten'],
    ['after all was said changes nothing', `${OPEN}; peer ends; < F. 1; > F. 1 ack 2; < . 2 ack 2; = closed; > R 2; = not reset`],
    ['is what the Guest hears of a peer that is gone', `${OPEN}; peer fails; < R. 1 ack 1; = forgotten`],
    [
      'but first what the peer said before (nothing that was said is lost)',
      `${OPEN}; > . 1 ack 1 win 1000; peer says 1500; < . 1:1001; peer fails; > . 1 ack 1001; < P. 1001:1501; > . 1 ack 1501; < R. 1501; = forgotten`,
    ],
    [
      'unless the Guest has more to say to it',
      `${OPEN}; > . 1 ack 1 win 0; peer says 1500; peer fails; > . 1:6 ack 1 win 0; < R. 1; = forgotten`,
    ],
    [
      'is not what it hears when both had ended',
      `${OPEN}; peer ends; < F. 1; > F. 1 ack 1; < . 2 ack 2; peer fails; > . 2 ack 2; = not alive`,
    ],
  ])('%s', run);
});

describe('what is lost', () => {
  test.each<[string, string]>([
    [
      'is sent again, ever more slowly, and given up after two minutes; both are told (RFC 6298; RFC 9293, 3.8.3)',
      `${OPEN}; peer says 5; < P. 1:6; ${times(9, (i) => `+${(200 << i) - 100}; +100; < P. 1:6`)}; = not reset; +60000; < R. 6; = reset; = forgotten`,
    ],
    [
      'is our answer: it comes again, for three minutes',
      '> S 0; peer opens; < S. 0; +900; +100; < S. 0; +2000; < S. 0; +100000; < *; = not reset; +120000; < *; = reset; = forgotten',
    ],
    ['is our end', `${OPEN}; peer ends; < F. 1; +200; < F. 1; > . 1 ack 2; +120000; = alive`],
    [
      'is our end behind our words: they come together',
      `${OPEN}; peer says 5; < P. 1:6; peer ends; < F. 6; +200; < FP. 1:6; > . 1 ack 7; +1000`,
    ],
    [
      'the Guest says three times (RFC 5681, 3.2), and then the next that is missing, too (RFC 6582)',
      `${OPEN}; peer says 5000; < *; > . 1 ack 1; > . 1 ack 1; > . 1 ack 1; < . 1:1001; > . 1 ack 1; > . 1 ack 3001; < . 3001:4001; > . 1 ack 5001`,
    ],
    [
      'is only sent as far as the window goes',
      `${OPEN}; > . 1 ack 1 win 2500; peer says 5000; < . 1:1001; < . 1001:2001; +200; < . 1:1001; < . 1001:2001; > . 1 ack 2001 win 2500; < . 2001:3001; < . 3001:4001`,
    ],
    [
      'takes as long to be noticed as an answer takes (RFC 6298, 2), and longer until that is known again (Karn)',
      `${OPEN}; peer says 5; < P. 1:6; +200; < P. 1:6; +100; > . 1 ack 6; peer says 5; < P. 6:11; +300; > . 1 ack 11; peer says 5; < P. 11:16; +300; +100; < P. 11:16`,
    ],
    [
      'is what the Guest said: it is told where we are',
      `${OPEN}; > . 1001:2001 ack 1; < . 1 ack 1; > . 2001:3001 ack 1; < . 1 ack 1; > . 1:1001 ack 1; < . 1 ack 3001`,
    ],
  ])('%s', run);
});

describe('the Guest’s segments', () => {
  test.each<[string, string]>([
    [
      'are 536 bytes if it does not say (RFC 9293, 3.7.1)',
      '> S 0; peer opens; < S. 0; > . 1 ack 1; peer says 600; < . 1:537; < P. 537:601',
    ],
    ['are never longer than ours', '> S 0 mss 9000; peer opens; < S. 0 mss 1460; > . 1 ack 1; peer says 1500; < . 1:1461; < P. 1461:1501'],
    ['are never so short that only headers are sent', '> S 0 mss 1; peer opens; < S. 0; > . 1 ack 1; peer says 70; < . 1:65; < P. 65:71'],
  ])('%s', run);
});
