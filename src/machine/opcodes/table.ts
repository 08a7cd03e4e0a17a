/**
 * The one opcode table: every instruction of the i586 with x87, plus CMOVcc, FCMOVcc, FCOMI and the long NOP of
 * its successor, as a 32-bit protected-mode program can use them. The decoder, the disassembler, the assembler
 * and the interpreter's back ends all read it, through {@link parseTable}.
 *
 * One form a line: `mnemonic | encoding | operands | attributes`.
 *
 * Encoding: hexadecimal opcode bytes (`0F` opens the second map, a leading `F3` is a mandatory prefix), then
 *   - `/r`    a ModRM byte whose reg field is an operand,
 *   - `/0…/7` a ModRM byte whose reg field extends the opcode,
 *   - `/x`    a ModRM byte whose reg field is ignored (the assembler writes 0),
 *   - `XX+r`, `XX+cc`, `XX+i` on the last opcode byte: register, condition or ST(i) in its low bits,
 *   - `ib iw iv jb jv a m`: immediate bytes, word or v-sized; relative displacement; far pointer; moffs.
 *
 * Operands, after the Intel SDM vol. 2, appendix A (destination first): `E` register or memory by ModRM, `M` memory only,
 * `R` register only, `G` register by ModRM.reg, `Z` register in the opcode's low bits, `I` immediate, `sI` immediate byte
 * sign-extended to the operand size, `J` relative target, `O` moffs, `A` far pointer, `S` segment register, `C` control register, `D` debug register,
 * `X` memory at DS:ESI, `Y` memory at ES:EDI, followed by a size: `b w d q t` = 1, 2, 4, 8, 10 bytes, `v` = the operand
 * size, `p` far pointer 16:v, `a` BOUND's pair of v, `s` the 6-byte pseudo-descriptor, `e` and `f` x87 environment and
 * full state; `M` alone: an address, no access. Fixed operands by name: AL CL AX DX (always so wide), eAX (v-sized), the
 * segment registers, ST0, STi, 1.
 *
 * Attributes: `lock` LOCK allowed (memory destination only), `rep` and `repz` string instruction under REP resp.
 * REPE/REPNE, `fpu` x87 (#NM under CR0.EM or TS), `cpl0` #GP outside ring 0, `mod3` ModRM.mod is ignored and taken as 3, `sized` the operand size
 * changes it though no operand has that size, `system` its outcome hangs on more than registers, flags and memory (segments and descriptor
 * tables, ports, time, identity, IOPL), `alias` an undocumented or redundant encoding that the assembler never picks, `sem=` the semantic name where it is
 * not the mnemonic, `att=` the AT&T name (two names with a slash: 16-bit/32-bit operand size), `wait` an AT&T name exists with FWAIT put before it.
 *
 * Attributes for the engine: `branch` changes EIP and ends a block, `conditional` a branch that may fall through, `alone` is a block of its own (needs the
 * exact count of instructions, or changes modes, translations, interruptibility: what the run loop looks at), and of those `exact` goes on behind
 * itself, but wants the count, `mild` mostly goes on under the same mode; `interpreted` is in no translated region.
 *
 * Condition codes: `{cc}` in the mnemonic stands for o no b ae e ne be a s ns p np l ge le g.
 * Where two lines match the same bytes, the earlier one has them.
 */
const ARITHMETIC = ['add', 'or', 'adc', 'sbb', 'and', 'sub', 'xor', 'cmp']
  .map((name, n) => {
    const hex = (low: number): string => (n * 8 + low).toString(16).padStart(2, '0');
    const lock = name === 'cmp' ? '' : 'lock';
    return `
${name} | ${hex(0)} /r | Eb Gb | ${lock}
${name} | ${hex(1)} /r | Ev Gv | ${lock}
${name} | ${hex(2)} /r | Gb Eb |
${name} | ${hex(3)} /r | Gv Ev |
${name} | 83 /${n} ib | Ev sIb | ${lock}
${name} | ${hex(4)} ib | AL Ib |
${name} | ${hex(5)} iv | eAX Iv |
${name} | 80 /${n} ib | Eb Ib | ${lock}
${name} | 81 /${n} iv | Ev Iv | ${lock}
${name} | 82 /${n} ib | Eb Ib | alias ${lock}`;
  })
  .join('');

const SHIFTS = ['rol 0', 'ror 1', 'rcl 2', 'rcr 3', 'shl 4', 'shr 5', 'sar 7', 'shl 6']
  .map((entry) => {
    const [name, n] = entry.split(' ');
    const alias = n === '6' ? 'alias' : '';
    return `
${name} | D0 /${n} | Eb 1 | ${alias}
${name} | D1 /${n} | Ev 1 | ${alias}
${name} | C0 /${n} ib | Eb Ib | ${alias}
${name} | C1 /${n} ib | Ev Ib | ${alias}
${name} | D2 /${n} | Eb CL | ${alias}
${name} | D3 /${n} | Ev CL | ${alias}`;
  })
  .join('');

const INTEGER = `
push | 50+r | Zv |
push | 6A ib | sIb |
push | 68 iv | Iv |
push | FF /6 | Ev |
push | 06 | ES | sem=pushSegment sized system
push | 0E | CS | sem=pushSegment sized system
push | 16 | SS | sem=pushSegment sized system
push | 1E | DS | sem=pushSegment sized system
push | 0F A0 | FS | sem=pushSegment sized system
push | 0F A8 | GS | sem=pushSegment sized system
pop | 58+r | Zv |
pop | 8F /0 | Ev |
pop | 07 | ES | sem=popSegment sized alone mild system
pop | 17 | SS | sem=popSegment sized alone mild system
pop | 1F | DS | sem=popSegment sized alone mild system
pop | 0F A1 | FS | sem=popSegment sized alone mild system
pop | 0F A9 | GS | sem=popSegment sized alone mild system
pusha | 60 | | sized
popa | 61 | | sized
pushf | 9C | | sized
popf | 9D | | sized alone mild
lahf | 9F | |
sahf | 9E | |
inc | 40+r | Zv |
inc | FE /0 | Eb | lock
inc | FF /0 | Ev | lock
dec | 48+r | Zv |
dec | FE /1 | Eb | lock
dec | FF /1 | Ev | lock
not | F6 /2 | Eb | lock
not | F7 /2 | Ev | lock
neg | F6 /3 | Eb | lock
neg | F7 /3 | Ev | lock
test | 84 /r | Eb Gb |
test | 85 /r | Ev Gv |
test | A8 ib | AL Ib |
test | A9 iv | eAX Iv |
test | F6 /0 ib | Eb Ib |
test | F7 /0 iv | Ev Iv |
test | F6 /1 ib | Eb Ib | alias
test | F7 /1 iv | Ev Iv | alias
mul | F6 /4 | Eb |
mul | F7 /4 | Ev |
imul | F6 /5 | Eb | sem=imulWide
imul | F7 /5 | Ev | sem=imulWide
imul | 0F AF /r | Gv Ev |
imul | 6B /r ib | Gv Ev sIb |
imul | 69 /r iv | Gv Ev Iv |
div | F6 /6 | Eb |
div | F7 /6 | Ev |
idiv | F6 /7 | Eb |
idiv | F7 /7 | Ev |
mov | 88 /r | Eb Gb |
mov | 89 /r | Ev Gv |
mov | 8A /r | Gb Eb |
mov | 8B /r | Gv Ev |
mov | A0 m | AL Ob |
mov | A1 m | eAX Ov |
mov | A2 m | Ob AL |
mov | A3 m | Ov eAX |
mov | B0+r ib | Zb Ib |
mov | B8+r iv | Zv Iv |
mov | C6 /0 ib | Eb Ib |
mov | C7 /0 iv | Ev Iv |
mov | 8C /r | Rv Sw | sem=movFromSegment system
mov | 8C /r | Mw Sw | sem=movFromSegment system
mov | 8E /r | Sw Ew | sem=movToSegment alone mild system
mov | 0F 20 /r | Rd Cd | sem=movFromControl mod3 cpl0
mov | 0F 21 /r | Rd Dd | sem=movFromDebug mod3 cpl0
mov | 0F 22 /r | Cd Rd | sem=movToControl mod3 cpl0 alone
mov | 0F 23 /r | Dd Rd | sem=movToDebug mod3 cpl0 alone
movzx | 0F B6 /r | Gv Eb |
movzx | 0F B7 /r | Gv Ew |
movsx | 0F BE /r | Gv Eb |
movsx | 0F BF /r | Gv Ew |
lea | 8D /r | Gv M |
les | C4 /r | Gv Mp | alone mild system
lds | C5 /r | Gv Mp | alone mild system
lss | 0F B2 /r | Gv Mp | alone mild system
lfs | 0F B4 /r | Gv Mp | alone mild system
lgs | 0F B5 /r | Gv Mp | alone mild system
nop | 90 | |
pause | F3 90 | | sem=nop
nop | 0F 1F /x | Ev |
xchg | 90+r | eAX Zv |
xchg | 86 /r | Eb Gb | lock
xchg | 87 /r | Ev Gv | lock
cmpxchg | 0F B0 /r | Eb Gb | lock
cmpxchg | 0F B1 /r | Ev Gv | lock
cmpxchg8b | 0F C7 /1 | Mq | lock
xadd | 0F C0 /r | Eb Gb | lock
xadd | 0F C1 /r | Ev Gv | lock
bswap | 0F C8+r | Zv |
xlat | D7 | |
cbw | 98 | | att=cbtw/cwtl sized
cwd | 99 | | att=cwtd/cltd sized
shld | 0F A4 /r ib | Ev Gv Ib |
shld | 0F A5 /r | Ev Gv CL |
shrd | 0F AC /r ib | Ev Gv Ib |
shrd | 0F AD /r | Ev Gv CL |
bt | 0F A3 /r | Ev Gv |
bt | 0F BA /4 ib | Ev Ib |
bts | 0F AB /r | Ev Gv | lock
bts | 0F BA /5 ib | Ev Ib | lock
btr | 0F B3 /r | Ev Gv | lock
btr | 0F BA /6 ib | Ev Ib | lock
btc | 0F BB /r | Ev Gv | lock
btc | 0F BA /7 ib | Ev Ib | lock
bsf | 0F BC /r | Gv Ev |
bsr | 0F BD /r | Gv Ev |
set{cc} | 0F 90+cc /x | Eb | sem=set
cmov{cc} | 0F 40+cc /r | Gv Ev | sem=cmov
aaa | 37 | |
aas | 3F | |
daa | 27 | |
das | 2F | |
aam | D4 ib | Ib |
aad | D5 ib | Ib |
salc | D6 | |
clc | F8 | |
stc | F9 | |
cmc | F5 | |
cld | FC | |
std | FD | |
cli | FA | | system
sti | FB | | alone mild system
movs | A4 | Yb Xb | rep
movs | A5 | Yv Xv | rep
cmps | A6 | Xb Yb | repz
cmps | A7 | Xv Yv | repz
stos | AA | Yb AL | rep
stos | AB | Yv eAX | rep
lods | AC | AL Xb | rep
lods | AD | eAX Xv | rep
scas | AE | AL Yb | repz
scas | AF | eAX Yv | repz
ins | 6C | Yb DX | rep alone interpreted system
ins | 6D | Yv DX | rep alone interpreted system
outs | 6E | DX Xb | rep alone interpreted system
outs | 6F | DX Xv | rep alone interpreted system
in | E4 ib | AL Ib | alone exact system
in | E5 ib | eAX Ib | alone exact system
in | EC | AL DX | alone exact system
in | ED | eAX DX | alone exact system
out | E6 ib | Ib AL | alone exact system
out | E7 ib | Ib eAX | alone exact system
out | EE | DX AL | alone exact system
out | EF | DX eAX | alone exact system
bound | 62 /r | Gv Ma |
arpl | 63 /r | Ew Gw |
enter | C8 iw ib | Iw Ib | sized
leave | C9 | | sized
j{cc} | 70+cc jb | Jb | sem=j branch conditional
j{cc} | 0F 80+cc jv | Jv | sem=j branch conditional
jmp | EB jb | Jb | branch
jmp | E9 jv | Jv | branch
jmp | FF /4 | Ev | sem=jmpIndirect branch
jmp | EA a | Ap | sem=jmpFar att=ljmp branch alone
jmp | FF /5 | Mp | sem=jmpFar att=ljmp branch alone
call | E8 jv | Jv | branch
call | FF /2 | Ev | sem=callIndirect branch
call | 9A a | Ap | sem=callFar att=lcall branch alone
call | FF /3 | Mp | sem=callFar att=lcall branch alone
ret | C3 | | branch sized
ret | C2 iw | Iw | branch sized
retf | CB | | sem=retFar att=lret branch sized alone
retf | CA iw | Iw | sem=retFar att=lret branch sized alone
loopne | E0 jb | Jb | branch conditional
loope | E1 jb | Jb | branch conditional
loop | E2 jb | Jb | branch conditional
jecxz | E3 jb | Jb | branch conditional
int3 | CC | | branch alone
int | CD ib | Ib | branch alone
int1 | F1 | | branch alone
into | CE | | branch alone interpreted
iret | CF | | branch sized alone
hlt | F4 | | cpl0 alone
clts | 0F 06 | | cpl0 alone mild
invd | 0F 08 | | cpl0
wbinvd | 0F 09 | | cpl0
wrmsr | 0F 30 | | cpl0 alone
rdtsc | 0F 31 | | alone exact system
rdmsr | 0F 32 | | cpl0
cpuid | 0F A2 | | system
ud2 | 0F 0B | | branch interpreted
sldt | 0F 00 /0 | Rv | system
sldt | 0F 00 /0 | Mw | system
str | 0F 00 /1 | Rv | system
str | 0F 00 /1 | Mw | system
lldt | 0F 00 /2 | Ew | cpl0 alone mild
ltr | 0F 00 /3 | Ew | cpl0 alone mild
verr | 0F 00 /4 | Ew | system
verw | 0F 00 /5 | Ew | system
sgdt | 0F 01 /0 | Ms | system
sidt | 0F 01 /1 | Ms | system
lgdt | 0F 01 /2 | Ms | cpl0 alone mild
lidt | 0F 01 /3 | Ms | cpl0 alone mild
smsw | 0F 01 /4 | Rv | system
smsw | 0F 01 /4 | Mw | system
lmsw | 0F 01 /6 | Ew | cpl0 alone
invlpg | 0F 01 /7 | M | cpl0 alone
lar | 0F 02 /r | Gv Ew | system
lsl | 0F 03 /r | Gv Ew | system
`;

/** The eight two-operand x87 operations, in ModRM.reg order. */
const FPU_ARITHMETIC = ['fadd', 'fmul', 'fcom', 'fcomp', 'fsub', 'fsubr', 'fdiv', 'fdivr']
  .map((name, n) => {
    const low = (0xc0 + n * 8).toString(16);
    const integer = `fi${name.slice(1)}`;
    const compare = name.startsWith('fcom');
    let lines = `
${name} | D8 /${n} | Md | fpu
${name} | D8 ${low}+i | ${compare ? 'STi' : 'ST0 STi'} | fpu
${integer} | DA /${n} | Md | fpu
${name} | DC /${n} | Mq | fpu
${integer} | DE /${n} | Mw | fpu`;
    if (compare) return `${lines}\n${name} | DC ${low}+i | STi | fpu alias`;
    // With ST(i) as the destination the encodings of the reversed and the plain operation change places, and AT&T
    // assemblers, after an old slip, name them the other way round.
    const reversed = name === 'fsub' ? 'fsubr' : name === 'fsubr' ? 'fsub' : name === 'fdiv' ? 'fdivr' : name === 'fdivr' ? 'fdiv' : name;
    lines += `
${reversed} | DC ${low}+i | STi ST0 | fpu att=${name}
${reversed}p | DE ${low}+i | STi ST0 | fpu att=${name}p`;
    return lines;
  })
  .join('');

const FPU = `${FPU_ARITHMETIC}
fld | D9 /0 | Md | fpu
fld | DD /0 | Mq | fpu
fld | DB /5 | Mt | fpu
fld | D9 C0+i | STi | fpu
fst | D9 /2 | Md | fpu
fst | DD /2 | Mq | fpu
fst | DD D0+i | STi | fpu
fstp | D9 /3 | Md | fpu
fstp | DD /3 | Mq | fpu
fstp | DB /7 | Mt | fpu
fstp | DD D8+i | STi | fpu
fild | DF /0 | Mw | fpu
fild | DB /0 | Md | fpu
fild | DF /5 | Mq | fpu
fist | DF /2 | Mw | fpu
fist | DB /2 | Md | fpu
fistp | DF /3 | Mw | fpu
fistp | DB /3 | Md | fpu
fistp | DF /7 | Mq | fpu
fbld | DF /4 | Mt | fpu
fbstp | DF /6 | Mt | fpu
fxch | D9 C8+i | STi | fpu
fnop | D9 D0 | | fpu
fchs | D9 E0 | | fpu
fabs | D9 E1 | | fpu
ftst | D9 E4 | | fpu
fxam | D9 E5 | | fpu
fld1 | D9 E8 | | fpu
fldl2t | D9 E9 | | fpu
fldl2e | D9 EA | | fpu
fldpi | D9 EB | | fpu
fldlg2 | D9 EC | | fpu
fldln2 | D9 ED | | fpu
fldz | D9 EE | | fpu
f2xm1 | D9 F0 | | fpu
fyl2x | D9 F1 | | fpu
fptan | D9 F2 | | fpu
fpatan | D9 F3 | | fpu
fxtract | D9 F4 | | fpu
fprem1 | D9 F5 | | fpu
fdecstp | D9 F6 | | fpu
fincstp | D9 F7 | | fpu
fprem | D9 F8 | | fpu
fyl2xp1 | D9 F9 | | fpu
fsqrt | D9 FA | | fpu
fsincos | D9 FB | | fpu
frndint | D9 FC | | fpu
fscale | D9 FD | | fpu
fsin | D9 FE | | fpu
fcos | D9 FF | | fpu
fcmovb | DA C0+i | ST0 STi | fpu
fcmove | DA C8+i | ST0 STi | fpu
fcmovbe | DA D0+i | ST0 STi | fpu
fcmovu | DA D8+i | ST0 STi | fpu
fcmovnb | DB C0+i | ST0 STi | fpu
fcmovne | DB C8+i | ST0 STi | fpu
fcmovnbe | DB D0+i | ST0 STi | fpu
fcmovnu | DB D8+i | ST0 STi | fpu
fucomi | DB E8+i | ST0 STi | fpu
fcomi | DB F0+i | ST0 STi | fpu
fucomip | DF E8+i | ST0 STi | fpu
fcomip | DF F0+i | ST0 STi | fpu
fucom | DD E0+i | STi | fpu
fucomp | DD E8+i | STi | fpu
fucompp | DA E9 | | fpu
fcompp | DE D9 | | fpu
ffree | DD C0+i | STi | fpu
ffreep | DF C0+i | STi | fpu
fldenv | D9 /4 | Me | fpu
fnstenv | D9 /6 | Me | fpu wait
fldcw | D9 /5 | Mw | fpu
fnstcw | D9 /7 | Mw | fpu wait
frstor | DD /4 | Mf | fpu
fnsave | DD /6 | Mf | fpu wait
fnstsw | DF E0 | AX | fpu wait
fnstsw | DD /7 | Mw | fpu wait
fnclex | DB E2 | | fpu wait
fninit | DB E3 | | fpu wait
fneni | DB E0 | | fpu sem=fnop wait
fndisi | DB E1 | | fpu sem=fnop wait
fnsetpm | DB E4 | | fpu sem=fnop wait
fwait | 9B | | fpu
fstp | D9 D8+i | STi | fpu alias
fxch | DD C8+i | STi | fpu alias
fcomp | DE D0+i | STi | fpu alias
fxch | DF C8+i | STi | fpu alias
fstp | DF D0+i | STi | fpu alias
fstp | DF D8+i | STi | fpu alias
`;

/** The whole table, in the language described above. */
export const OPCODE_TABLE: string = `${ARITHMETIC}${SHIFTS}${INTEGER}${FPU}`;
