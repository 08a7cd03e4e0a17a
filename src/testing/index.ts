/** What tests of every folder share. It stands on nothing, and nothing but tests stands on it. */
export { Dice, effort, seedOf } from './dice.ts';
