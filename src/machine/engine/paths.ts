import * as L from '../state/layout.ts';
import { TLB_ADDEND, TLB_FLAGS, TLB_GLOBAL, TLB_INVALID, TLB_MAY_WRITE, TLB_READ_TAG, TLB_WRITE_TAG } from '../memory/tlb.ts';
import { WALK_FLAGS, WALK_OFFSET, WALK_SPACE, WALK_SPREAD, WALK_TAG, WALK_USER } from '../memory/spaces.ts';
import { MARK_CLEAN, MARK_CODE, MARK_WATCHED } from '../memory/marks.ts';
import { Code, I32, ModuleWriter } from '../wasm/encoder.ts';
import { LOADS, STORES } from '../wasm/lower.ts';

/**
 * The module between generated code and the slow paths of memory in TypeScript: where the TLB misses but the walk is remembered (see spaces.ts),
 * it fills the TLB as TypeScript would and goes on.
 *
 * Exports `recall(linear, tlb) -> 1 where the TLB at that base now knows the page`; `readSlow`, `writeSlow`, `accessSlow` with the types of
 * the imports of the same names; `locate(linear, how) -> memory offset or 0`, where `how` is 1 for a user's access, 2 for a write; and
 * `flushTlb()`, which forgets what is not global.
 */
export function pathsModule(): Uint8Array<ArrayBuffer> {
  const module = new ModuleWriter();
  const binary = module.type([I32, I32], I32);
  const store = module.type([I32, I32, I32], null);
  const read = module.import('readSlow', binary);
  const write = module.import('writeSlow', store);
  const access = module.import('accessSlow', binary);
  const recallAt = 3;
  module.add(binary, recall(), 'recall');
  module.add(binary, readSlow(recallAt, read), 'readSlow');
  module.add(store, writeSlow(recallAt, write), 'writeSlow');
  module.add(binary, accessSlow(recallAt, access), 'accessSlow');
  module.add(binary, locate(recallAt), 'locate');
  module.add(module.type([], I32), flushTlb(), 'flushTlb');
  return module.encode(0);
}

const LINEAR = 0;
const TLB = 1;
const SIZE = 1;
const VALUE = 2;
const PAGE = -4096;

/** Behind a TLB's address: the address in it of the entry for LINEAR. */
function slot(code: Code): Code {
  const offset = (L.TLB_ENTRIES - 1) * L.TLB_ENTRY;
  return code.get(LINEAR).i32(8).op('i32.shr_u').i32(offset).op('i32.and').op('i32.add');
}

function recall(): Code {
  const code = new Code(2);
  const walk = code.local(I32);
  const entry = code.local(I32);
  const page = code.local(I32);
  const user = code.local(I32);
  const offset = code.local(I32);
  const word = (at: number): Code => code.i32(0).memory('i32.load', at);
  word(L.SPACE).op('i32.eqz').if().i32(0).return().end();
  code.get(LINEAR).i32(PAGE).op('i32.and').set(page);
  code.get(TLB).i32(L.TLB).op('i32.ne').set(user);
  code.get(LINEAR).i32(12).op('i32.shr_u');
  word(L.SPACE).i32(WALK_SPREAD).op('i32.mul').op('i32.add');
  code
    .get(user)
    .i32(WALK_USER)
    .op('i32.mul')
    .op('i32.add')
    .i32(L.WALK_ENTRIES - 1)
    .op('i32.and')
    .i32(L.WALK_ENTRY)
    .op('i32.mul')
    .set(walk);
  code.get(walk).memory('i32.load', L.WALKS + WALK_SPACE);
  word(L.SPACE).op('i32.ne');
  code
    .get(walk)
    .memory('i32.load', L.WALKS + WALK_TAG)
    .get(page)
    .get(user)
    .op('i32.or')
    .op('i32.ne')
    .op('i32.or')
    .if()
    .i32(0)
    .return()
    .end();
  code
    .get(walk)
    .memory('i32.load', L.WALKS + WALK_OFFSET)
    .tee(offset);
  // A page that is watched stays with TypeScript.
  code.i32(L.RAM).op('i32.ge_u').if();
  code.get(offset).i32(L.RAM).op('i32.sub').i32(12).op('i32.shr_u').memory('i32.load8_u', L.MARKS);
  code.i32(MARK_WATCHED).op('i32.and').if().i32(0).return().end();
  code.end();
  // As Tlb.fill does it.
  slot(code.get(TLB)).set(entry);
  code.get(entry).memory('i32.load', TLB_READ_TAG).i32(TLB_INVALID).op('i32.eq').if();
  word(L.FILLED_COUNT).i32(2).op('i32.shl').get(entry).memory('i32.store', L.FILLED);
  code.i32(0);
  word(L.FILLED_COUNT).i32(1).op('i32.add').memory('i32.store', L.FILLED_COUNT);
  code.else();
  code.get(entry).memory('i32.load', TLB_READ_TAG).get(page).op('i32.ne').if();
  code.i32(0).i32(1).memory('i32.store', L.CODE_PAGE);
  code.end().end();
  code.get(entry).get(page).memory('i32.store', TLB_READ_TAG);
  code.get(entry).get(offset).get(page).op('i32.sub').memory('i32.store', TLB_ADDEND);
  code
    .get(entry)
    .get(walk)
    .memory('i32.load', L.WALKS + WALK_FLAGS)
    .memory('i32.store', TLB_FLAGS);
  code.get(entry).get(page).i32(TLB_INVALID);
  // What may be written lies in RAM.
  code
    .get(walk)
    .memory('i32.load', L.WALKS + WALK_FLAGS)
    .i32(TLB_MAY_WRITE)
    .op('i32.and')
    .if(I32);
  code.get(offset).i32(L.RAM).op('i32.sub').i32(12).op('i32.shr_u').memory('i32.load8_u', L.MARKS).op('i32.eqz');
  code.else().i32(0).end();
  code.op('select').memory('i32.store', TLB_WRITE_TAG);
  return code.i32(1);
}

/** Pushes whether the access lies in one page that the TLB knows, perhaps only now; `entry` is left at the page's TLB entry. */
function known(code: Code, recallAt: number, entry: number): void {
  slot(code.i32(0).memory('i32.load', L.TLB_BASE)).set(entry);
  code.get(LINEAR).i32(0xfff).op('i32.and').get(SIZE).op('i32.add').i32(0x1000).op('i32.le_u').if(I32);
  code.get(entry).memory('i32.load', TLB_READ_TAG).get(LINEAR).i32(PAGE).op('i32.and').op('i32.eq').if(I32);
  code.i32(1).else().get(LINEAR).i32(0).memory('i32.load', L.TLB_BASE).call(recallAt).end();
  code.else().i32(0).end();
}
function offsetOf(code: Code, entry: number): Code {
  return code.get(entry).memory('i32.load', TLB_ADDEND).get(LINEAR).op('i32.add');
}

/** Does something by the size of the access. */
function bySize(code: Code, each: (size: 1 | 2 | 4) => void, result: typeof I32 | null): void {
  const open = (): Code => (result === null ? code.if() : code.if(result));
  code.get(SIZE).i32(4).op('i32.eq');
  open();
  each(4);
  code.else().get(SIZE).i32(2).op('i32.eq');
  open();
  each(2);
  code.else();
  each(1);
  code.end().end();
}

function readSlow(recallAt: number, slow: number): Code {
  const code = new Code(2);
  const entry = code.local(I32);
  known(code, recallAt, entry);
  code.if(I32);
  bySize(
    code,
    (size) => {
      offsetOf(code, entry).memory(LOADS[size], 0);
    },
    I32,
  );
  code.else().get(LINEAR).get(SIZE).call(slow).end();
  return code;
}

/**
 * Pushes whether the access may be written at once: the page has a write tag; or lacks it because it was clean, and is no longer, or because of code of which no byte
 * lies in the 128-byte parts that are written.
 */
function writable(code: Code, recallAt: number, entry: number, offset: number): void {
  const marks = code.local(I32);
  const pageOf = (): Code => code.get(offset).i32(12).op('i32.shr_u');
  known(code, recallAt, entry);
  code.if(I32);
  code.get(entry).memory('i32.load', TLB_WRITE_TAG).get(LINEAR).i32(PAGE).op('i32.and').op('i32.eq').if(I32);
  code.i32(1);
  code.else();
  code.get(entry).memory('i32.load', TLB_FLAGS).i32(TLB_MAY_WRITE).op('i32.and').if(I32);
  offsetOf(code, entry).i32(L.RAM).op('i32.sub').set(offset);
  // As Cpu.soil, and with nothing else to say the page gets its write tag.
  pageOf();
  pageOf().memory('i32.load8_u', L.MARKS).i32(~MARK_CLEAN).op('i32.and').tee(marks).memory('i32.store8', L.MARKS);
  code.get(marks).op('i32.eqz').if(I32);
  code.get(entry).get(LINEAR).i32(PAGE).op('i32.and').memory('i32.store', TLB_WRITE_TAG);
  code.i32(1);
  code.else();
  code.get(marks).i32(MARK_CODE).op('i32.eq');
  const bit = (): void => {
    code.i32(7).op('i32.shr_u').i32(31).op('i32.and').op('i32.shl');
  };
  pageOf().i32(2).op('i32.shl').memory('i32.load', L.CODE_BITS);
  code.i32(1).get(offset);
  bit();
  code.i32(1).get(offset).get(SIZE).op('i32.add').i32(1).op('i32.sub');
  bit();
  code.op('i32.or').op('i32.and').op('i32.eqz').op('i32.and');
  code.end();
  code.else().i32(0).end().end();
  code.else().i32(0).end();
}

function writeSlow(recallAt: number, slow: number): Code {
  const code = new Code(3);
  const entry = code.local(I32);
  const offset = code.local(I32);
  const patch = code.local(I32);
  writable(code, recallAt, entry, offset);
  code.if();
  bySize(
    code,
    (size) => {
      offsetOf(code, entry).get(VALUE).memory(STORES[size], 0);
    },
    null,
  );
  code.else();
  // An immediate that has been rewritten before, in a block that stands: the decoded instruction follows.
  code.get(SIZE).i32(4).op('i32.eq').get(offset).i32(0).op('i32.ne').op('i32.and').if();
  code
    .get(offset)
    .i32((L.PATCHES - 1) << 2)
    .op('i32.and')
    .i32(2)
    .op('i32.shl')
    .tee(patch)
    .memory('i32.load', L.PATCH_TABLE)
    .get(offset)
    .op('i32.eq')
    .if();
  code.get(offset).get(VALUE).memory('i32.store', L.RAM);
  for (const at of [4, 8])
    code
      .get(patch)
      .memory('i32.load', L.PATCH_TABLE + at)
      .get(VALUE)
      .memory('i32.store', 0);
  code.return().end().end();
  code.get(LINEAR).get(SIZE).get(VALUE).call(slow);
  code.end();
  return code;
}

function accessSlow(recallAt: number, slow: number): Code {
  const code = new Code(2);
  const entry = code.local(I32);
  const offset = code.local(I32);
  writable(code, recallAt, entry, offset);
  code.if(I32);
  offsetOf(code, entry);
  code.else().get(LINEAR).get(SIZE).call(slow).end();
  return code;
}

function locate(recallAt: number): Code {
  const HOW = 1;
  const code = new Code(2);
  const tlb = code.local(I32);
  const entry = code.local(I32);
  const page = code.local(I32);
  const tag = (): Code =>
    code
      .get(entry)
      .get(HOW)
      .i32(1)
      .op('i32.shr_u')
      .i32(TLB_WRITE_TAG - TLB_READ_TAG)
      .op('i32.mul')
      .op('i32.add')
      .memory('i32.load', TLB_READ_TAG);
  code.get(HOW).i32(1).op('i32.and').i32(L.TLB_BYTES).op('i32.mul').i32(L.TLB).op('i32.add').set(tlb);
  code.get(LINEAR).i32(PAGE).op('i32.and').set(page);
  slot(code.get(tlb)).set(entry);
  tag().get(page).op('i32.ne').if();
  code.get(entry).memory('i32.load', TLB_READ_TAG).get(page).op('i32.ne').if();
  code.get(LINEAR).get(tlb).call(recallAt).op('i32.eqz').if().i32(0).return().end();
  code.end();
  tag().get(page).op('i32.ne').if().i32(0).return().end();
  code.end();
  return code.get(entry).memory('i32.load', TLB_ADDEND).get(LINEAR).op('i32.add');
}

/** As Tlb.flush(true). */
function flushTlb(): Code {
  const code = new Code(0);
  const at = code.local(I32);
  const kept = code.local(I32);
  const count = code.local(I32);
  const entry = code.local(I32);
  code.i32(0).memory('i32.load', L.FILLED_COUNT).i32(2).op('i32.shl').set(count);
  code.block().loop();
  {
    code.get(at).get(count).op('i32.ge_u').brIf(1);
    code.get(at).memory('i32.load', L.FILLED).set(entry);
    code.get(at).i32(4).op('i32.add').set(at);
    code.get(entry).memory('i32.load', TLB_FLAGS).i32(TLB_GLOBAL).op('i32.and').if();
    code.get(entry).memory('i32.load', TLB_READ_TAG).i32(TLB_INVALID).op('i32.ne').if();
    code.get(kept).get(entry).memory('i32.store', L.FILLED);
    code.get(kept).i32(4).op('i32.add').set(kept);
    code.end();
    code.else();
    code.get(entry).i32(TLB_INVALID).memory('i32.store', TLB_READ_TAG);
    code.get(entry).i32(TLB_INVALID).memory('i32.store', TLB_WRITE_TAG);
    code.end();
    code.br(0);
  }
  code.end().end();
  code.i32(0).get(kept).i32(2).op('i32.shr_u').memory('i32.store', L.FILLED_COUNT);
  code.i32(0).i32(1).memory('i32.store', L.CODE_PAGE);
  return code.i32(0);
}
