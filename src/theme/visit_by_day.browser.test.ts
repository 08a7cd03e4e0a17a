/** Every page is visited, half of them by day and on a desk; see visit.ts for what is looked at there. */
import { visitEveryOther } from './testing/visit.ts';

visitEveryOther(0, { scheme: 'light', width: 1280 });
