import './alu.ts';
import './shift.ts';
import './multiply.ts';
import './bits.ts';
import './move.ts';
import './stack.ts';
import './flags.ts';
import './strings.ts';
import './delegated.ts';

export { delegates } from './delegated.ts';
export { build } from './registry.ts';
