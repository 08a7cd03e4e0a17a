/** Every page is visited, the other half by night and on a phone; see visit.ts for what is looked at there. */
import { visitEveryOther } from './testing/visit.ts';

visitEveryOther(1, { scheme: 'dark', width: 390 });
