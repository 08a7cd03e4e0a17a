/** Instructions whose work is a helper's: what is here is only where operands come from and go. */
import { define } from './registry.ts';
import { EAX, type Builder } from '../ir/builder.ts';
import type { Expr, Size } from '../ir/nodes.ts';
import { OF } from '../state/flags.ts';
import { BP, NM, OF as VECTOR_OF, UD } from '../state/fault.ts';
import { CR0, DS, ES, FPU_STATUS, FPU_TOP, FS, GS, SS } from '../state/layout.ts';
import { CR0_EM, CR0_TS } from '../state/register_bits.ts';
import type { InstructionForm } from '../opcodes/index.ts';
import { fpuWay } from '../fpu/index.ts';

const ending = (b: Builder, helper: string, a: Expr | number = 0, c: Expr | number = 0): void => {
  b.callEnding(helper, a, c);
  b.finish();
};
const sized = (b: Builder, name: string): string => name + String(b.shape.operandSize);

define('movFromSegment', (b) => b.write(0, b.call('selectorOf', b.field('imm2'))));
define('movToSegment', (b) => ending(b, 'moveToSegment', b.field('imm2'), b.read(1)));

for (const [name, segment] of [
  ['les', ES],
  ['lds', DS],
  ['lss', SS],
  ['lfs', FS],
  ['lgs', GS],
] as const) {
  define(name, (b) => {
    const at = b.address();
    const offset = b.load('operand', at, b.width);
    const selectorAt = b.add(at, b.width);
    const selector = b.load('operand', b.shape.addressSize === 16 ? b.and(selectorAt, 0xffff) : selectorAt, 2);
    b.callEnding('loadSegment', segment, selector);
    b.write(0, offset);
    b.finish();
  });
}

define('jmpFar', (b) => far(b, 'jmpFar'));
define('callFar', (b) => far(b, 'callFar'));
function far(b: Builder, name: string): void {
  if (b.form.operands[0].kind === 'A') ending(b, sized(b, name), b.field('imm2'), b.field('imm'));
  else ending(b, sized(b, `${name}Memory`), b.field('segment'), b.address());
}
define('retFar', (b) => ending(b, sized(b, 'retFar'), b.form.operands.length > 0 ? b.field('imm') : 0));
define('iret', (b) => ending(b, sized(b, 'iret')));
define('int', (b) => ending(b, 'softwareInterrupt', b.field('imm')));
define('int3', (b) => ending(b, 'softwareInterrupt', BP));
define('int1', (b) => ending(b, 'int1'));
define('into', (b) => {
  b.if(b.and(b.getFlags(), OF), () => ending(b, 'softwareInterrupt', VECTOR_OF));
  b.jump(b.field('next'));
});
define('ud2', (b) => b.raise(UD));

for (const name of ['lgdt', 'lidt']) define(name, (b) => ending(b, sized(b, name), b.field('segment'), b.address()));
for (const name of ['sgdt', 'sidt']) define(name, (b) => b.call(sized(b, name), b.field('segment'), b.address()));
for (const name of ['lldt', 'ltr', 'lmsw']) define(name, (b) => ending(b, name, b.read(0)));
for (const name of ['sldt', 'str', 'smsw']) define(name, (b) => b.write(0, b.cut(b.call(name), b.size(0))));
for (const name of ['lar', 'lsl']) {
  define(name, (b) => {
    const selector = b.read(1);
    const register = b.register(0);
    b.setRegister(register, 4, b.call(sized(b, name), selector, b.getRegister(register, 4)));
  });
}
for (const name of ['verr', 'verw']) define(name, (b) => b.call(name, b.read(0)));
define('arpl', (b) => {
  const source = b.read(1);
  b.modify(0, (old) => b.call('arpl', old, source));
});

define('movToControl', (b) => ending(b, 'moveToControl', b.field('imm2'), b.read(1)));
define('movFromControl', (b) => b.write(0, b.call('moveFromControl', b.field('imm2'))));
define('movToDebug', (b) => ending(b, 'moveToDebug', b.field('imm2'), b.read(1)));
define('movFromDebug', (b) => b.write(0, b.call('moveFromDebug', b.field('imm2'))));
define('clts', (b) => ending(b, 'clts'));
define('invlpg', (b) => ending(b, 'invlpg', b.field('segment'), b.address()));
define('invd wbinvd', (b) => b.call('invd'));
define('hlt', (b) => ending(b, 'hlt'));
for (const name of ['rdtsc', 'rdmsr', 'cpuid']) define(name, (b) => b.call(name));
define('wrmsr', (b) => ending(b, 'wrmsr'));

define('in', (b) => {
  const size: Size = b.size(0);
  b.write(0, b.call('portIn', b.read(1), size));
});
define('out', (b) => b.call(`portOut${b.size(1) * 8}`, b.read(0), b.read(1)));

const STATUS_IN_AX = 'df e0 AX';

/** An x87 form that only hands its bits to the unit, as others do. */
export function delegates(form: InstructionForm): boolean {
  return form.attributes.has('fpu') && form.name !== 'fwait' && form.key !== STATUS_IN_AX && fpuWay(form.key) === 'fpu';
}

/** `imm` describes the instruction for the x87 unit. FSTSW AX and what reads or sets the arithmetic flags do not stand apart. */
define('fpu', (b) => {
  const way = fpuWay(b.form.key);
  const [bits, offset] = [b.field('imm'), b.shape.memory ? b.address() : 0];
  if (b.form.key === STATUS_IN_AX) {
    b.if(b.and(b.getState(CR0), CR0_EM | CR0_TS), () => b.raise(NM));
    b.set(EAX, b.or(b.getState(FPU_STATUS), b.shl(b.getState(FPU_TOP), 11)), 2);
  } else if (way === 'fpu') b.call(way, bits, offset);
  else b.callApart(way, bits, offset);
});
define('fwait', (b) => b.call('fwait'));
