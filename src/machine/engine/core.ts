import * as L from '../state/layout.ts';
import { TLB_ADDEND, TLB_READ_TAG } from '../memory/tlb.ts';
import { MODE_CODE_FLAT } from '../memory/cpu.ts';
import { ARITHMETIC, LAZY_ADC, LAZY_ADD, LAZY_DEC, LAZY_INC, LAZY_OVERRIDE, LAZY_SBB } from '../state/flags.ts';
import {
  BESIDE,
  BLOCK_BYTES,
  BLOCK_COUNT,
  BLOCK_CROSSES,
  BLOCK_FLAGS,
  BLOCK_KEY,
  BLOCK_LENGTH,
  BLOCK_HEAT,
  BLOCK_MODE,
  BLOCK_SECOND,
  BLOCK_SPREAD,
  BLOCK_UNIT,
  ENTRY_BYTES,
  ENTRY_HANDLER,
  ENTRY_NEXT,
  UNIT_SLOT,
} from './entry.ts';
import { CONTINUE, EXIT_ATTENTION, EXIT_FETCH, EXIT_HOT, EXIT_LIMIT, EXIT_YIELD, JUMPED, REFUSED } from '../wasm/status.ts';
import { Code, I32, ModuleWriter } from '../wasm/encoder.ts';

/**
 * The module that every other generated one leans on: `run(block)`, the interpreter's loop over decoded blocks, and `flagsWord()`.
 *
 * It imports `recall` of paths.ts. `run` starts with the given block, or, for 0, looks for the one at EIP. It returns why it stopped: see entry.ts. On FAULTED, STALE, and a
 * block cut short by the limit, LEFT_BLOCK and LEFT_ENTRY say where it left the block.
 *
 * @param hot executions after which a block is handed out for translation (EXIT_HOT), 0: never
 */
export function coreModule(tableSize: number, hot = 0): Uint8Array<ArrayBuffer> {
  const module = new ModuleWriter();
  const handler = module.type([I32, I32], I32);
  const recall = module.import('recall', handler);
  module.add(module.type([I32], I32), runLoop(handler, recall, hot), 'run');
  module.add(module.type([], I32), flagsWord(), 'flagsWord');
  return module.encode(tableSize);
}

function runLoop(handlerType: number, recall: number, hot: number): Code {
  const BLOCK = 0;
  const code = new Code(1);
  const eip = code.local(I32);
  const entry = code.local(I32);
  const end = code.local(I32);
  const status = code.local(I32);
  const left = code.local(I32);
  const offset = code.local(I32);
  const count = code.local(I32);
  const full = code.local(I32);
  const word = (at: number): Code => code.i32(0).memory('i32.load', at);
  const exit = (reason: number): void => {
    code.i32(reason).return();
  };

  word(L.BLOCKS_A_CALL).set(left);
  code.i32(0).i32(0).memory('i32.store', L.LEFT_BLOCK).i32(0).i32(0).memory('i32.store', L.LEFT_ENTRY);
  code.loop();
  const again = code.depth;
  {
    word(L.ATTENTION).if();
    exit(EXIT_ATTENTION);
    code.end();
    code.get(left).i32(1).op('i32.sub').tee(left).op('i32.eqz').if();
    exit(EXIT_YIELD);
    code.end();
    word(L.EIP).set(eip);
    code.get(BLOCK).op('i32.eqz').if();
    {
      // The page that EIP lies in: as for the last block, or by the TLB.
      code.get(eip).i32(-4096).op('i32.and');
      word(L.CODE_PAGE).op('i32.ne').if();
      word(L.MODE).i32(MODE_CODE_FLAT).op('i32.and').op('i32.eqz').if();
      exit(EXIT_FETCH);
      code.end();
      probe(eip);
      code.get(entry).memory('i32.load', TLB_READ_TAG).get(eip).i32(-4096).op('i32.and').op('i32.ne').if();
      code.get(eip);
      word(L.TLB_BASE).call(recall).op('i32.eqz').if();
      exit(EXIT_FETCH);
      code.end();
      code.end();
      code.i32(0).get(entry).memory('i32.load', TLB_ADDEND).memory('i32.store', L.CODE_ADDEND);
      code.i32(0).get(eip).i32(-4096).op('i32.and').memory('i32.store', L.CODE_PAGE);
      code.end();
      code.get(eip);
      word(L.CODE_ADDEND).op('i32.add').tee(offset);
      code
        .get(offset)
        .i32(BLOCK_SPREAD)
        .op('i32.shr_u')
        .op('i32.xor')
        .i32(L.BLOCK_TABLE_SIZE - 1)
        .op('i32.and')
        .i32(2)
        .op('i32.shl')
        .tee(entry);
      const another = (): void => {
        code.memory('i32.load', L.BLOCK_TABLE).tee(BLOCK);
        code.memory('i32.load', BLOCK_KEY).get(offset).op('i32.ne');
        code.get(BLOCK).memory('i32.load', BLOCK_MODE);
        word(L.MODE).op('i32.ne').op('i32.or').if();
      };
      another();
      code.get(entry).i32(BESIDE).op('i32.xor');
      another();
      exit(EXIT_FETCH);
      code.end().end();
      code.get(BLOCK).memory('i32.load16_u', BLOCK_FLAGS).i32(BLOCK_CROSSES).op('i32.and').if();
      {
        // Its second page must still be the one it was decoded from.
        code.get(eip).get(BLOCK).memory('i32.load', BLOCK_BYTES).op('i32.add').i32(1).op('i32.sub').i32(-4096).op('i32.and').set(offset);
        probe(offset);
        code.get(entry).memory('i32.load', TLB_READ_TAG).get(offset).op('i32.ne');
        code.get(entry).memory('i32.load', TLB_ADDEND).get(offset).op('i32.add').get(BLOCK).memory('i32.load', BLOCK_SECOND).op('i32.ne');
        code.op('i32.or').if();
        exit(EXIT_FETCH);
        code.end();
      }
      code.end();
      if (hot > 0) unit();
    }
    code.end();

    // As many instructions as the block has, or as the limit allows.
    code.get(BLOCK).memory('i32.load16_u', BLOCK_LENGTH).tee(count).set(full);
    word(L.LEFT).get(count).op('i32.lt_s').if();
    word(L.LEFT).tee(count).i32(0).op('i32.le_s').if();
    exit(EXIT_LIMIT);
    code.end();
    code.end();
    code.get(BLOCK).get(BLOCK).memory('i32.load', BLOCK_COUNT).i32(1).op('i32.add').memory('i32.store', BLOCK_COUNT);
    code.get(BLOCK).i32(ENTRY_BYTES).op('i32.add').tee(entry).get(count).i32(5).op('i32.shl').op('i32.add').set(end);

    code.block().loop();
    {
      code.get(entry).get(eip).get(entry).memory('i32.load', ENTRY_HANDLER).callIndirect(handlerType).tee(status);
      code.get(entry).i32(ENTRY_BYTES).op('i32.add').set(entry);
      code.brIf(1);
      code.get(entry).get(end).op('i32.lt_u').brIf(0);
    }
    code.end().end();

    code.get(status).i32(JUMPED).op('i32.gt_u').if();
    leave(() => code.get(entry).i32(ENTRY_BYTES).op('i32.sub'));
    code.get(status).return();
    code.end();
    code.get(status).i32(CONTINUE).op('i32.eq').if();
    code
      .i32(0)
      .get(eip)
      .get(entry)
      .i32(ENTRY_BYTES)
      .op('i32.sub')
      .memory('i32.load16_u', ENTRY_NEXT)
      .op('i32.add')
      .memory('i32.store', L.EIP);
    code.end();
    code.i32(0);
    word(L.LEFT).get(count).op('i32.sub').memory('i32.store', L.LEFT);
    code.get(count).get(full).op('i32.lt_u').if();
    leave(() => code.get(entry));
    exit(EXIT_LIMIT);
    code.end();
    code.i32(0).set(BLOCK);
    code.br(0);
  }
  code.end();
  code.op('unreachable');
  return code;

  /** Runs the unit that begins with the block, where there is one; counts towards one otherwise. */
  function unit(): void {
    code.get(BLOCK).memory('i32.load', BLOCK_UNIT).tee(entry).if();
    code.get(BLOCK).get(eip).get(entry).i32(UNIT_SLOT).op('i32.and').callIndirect(handlerType).tee(status).i32(REFUSED).op('i32.ne').if();
    code.get(status).i32(JUMPED).op('i32.gt_u').if().get(status).return().end();
    code
      .i32(0)
      .set(BLOCK)
      .br(code.depth - again);
    code.end();
    code.else();
    code.get(BLOCK).get(BLOCK).memory('i32.load', BLOCK_HEAT).i32(1).op('i32.add').tee(count).memory('i32.store', BLOCK_HEAT);
    code.get(count).i32(hot).op('i32.eq').if();
    code.i32(0).get(BLOCK).memory('i32.store', L.BLOCK);
    exit(EXIT_HOT);
    code.end().end();
  }

  /** Leaves in `entry` the TLB entry of a linear address. */
  function probe(linear: number): void {
    word(L.TLB_BASE)
      .get(linear)
      .i32(8)
      .op('i32.shr_u')
      .i32((L.TLB_ENTRIES - 1) * L.TLB_ENTRY)
      .op('i32.and')
      .op('i32.add')
      .set(entry);
  }

  function leave(at: () => void): void {
    code.i32(0).get(BLOCK).memory('i32.store', L.LEFT_BLOCK);
    code.i32(0);
    at();
    code.memory('i32.store', L.LEFT_ENTRY);
    code.i32(0).get(eip).memory('i32.store', L.BLOCK_EIP);
  }
}

/** EFLAGS with the lazy flags computed: the same as `flagsOf` in flags.ts. */
function flagsWord(): Code {
  const code = new Code(0);
  const op = code.local(I32);
  const kind = code.local(I32);
  const shift = code.local(I32);
  const result = code.local(I32);
  const source = code.local(I32);
  const left = code.local(I32);
  const carry = code.local(I32);
  const cf = code.local(I32);
  const of = code.local(I32);
  const af = code.local(I32);
  const word = (at: number): Code => code.i32(0).memory('i32.load', at);
  word(L.FLAGS_OP).tee(op).op('i32.eqz').if();
  word(L.EFLAGS).i32(2).op('i32.or').return().end();
  code.get(op).i32(2).op('i32.shr_u').i32(7).op('i32.and').set(kind);
  code.i32(32).i32(8).get(op).i32(3).op('i32.and').op('i32.shl').op('i32.sub').set(shift);
  word(L.FLAGS_RESULT).set(result);
  word(L.FLAGS_SOURCE).set(source);
  word(L.FLAGS_CARRY).i32(1).op('i32.and').set(carry);
  const top = (local: number): Code => code.get(local).get(shift).op('i32.shl');

  code.get(kind).i32(LAZY_SBB).op('i32.gt_u').if();
  {
    code.get(carry).set(cf);
    code.get(kind).i32(LAZY_INC).op('i32.eq').if();
    top(result)
      .i32(0x80000000 | 0)
      .op('i32.eq')
      .set(of);
    code.get(result).i32(15).op('i32.and').op('i32.eqz').set(af);
    code.else();
    code.get(kind).i32(LAZY_DEC).op('i32.eq').if();
    code.get(result).i32(0x7fffffff).get(shift).op('i32.shr_u').op('i32.eq').set(of);
    code.get(result).i32(15).op('i32.and').i32(15).op('i32.eq').set(af);
    code.end().end();
  }
  code.else();
  {
    code.get(kind).i32(LAZY_ADC).op('i32.eq').get(kind).i32(LAZY_SBB).op('i32.eq').op('i32.or').op('i32.eqz').if();
    code.i32(0).set(carry).end();
    code.get(kind).i32(LAZY_ADC).op('i32.le_u').get(kind).i32(LAZY_ADD).op('i32.ge_u').op('i32.and').if();
    code.get(result).get(source).op('i32.sub').get(carry).op('i32.sub').set(left);
    borrow(result);
    top(left);
    top(result).op('i32.xor');
    top(source);
    top(result).op('i32.xor').op('i32.and').i32(31).op('i32.shr_u').set(of);
    code.else();
    code.get(result).get(source).op('i32.add').get(carry).op('i32.add').set(left);
    borrow(left);
    top(left);
    top(source).op('i32.xor');
    top(left);
    top(result).op('i32.xor').op('i32.and').i32(31).op('i32.shr_u').set(of);
    code.end();
    code.get(left).get(source).op('i32.xor').get(result).op('i32.xor').i32(4).op('i32.shr_u').i32(1).op('i32.and').set(af);
  }
  code.end();
  code.get(op).i32(LAZY_OVERRIDE).op('i32.and').if();
  word(L.FLAGS_CARRY).i32(1).op('i32.shr_u').i32(1).op('i32.and').set(cf);
  word(L.FLAGS_CARRY).i32(2).op('i32.shr_u').i32(1).op('i32.and').set(of);
  code.end();
  word(L.EFLAGS).i32(~ARITHMETIC).op('i32.and').i32(2).op('i32.or').get(cf).op('i32.or');
  code.get(result).i32(0xff).op('i32.and').op('i32.popcnt').i32(1).op('i32.and').op('i32.eqz').i32(2).op('i32.shl').op('i32.or');
  code.get(af).i32(4).op('i32.shl').op('i32.or');
  code.get(result).op('i32.eqz').i32(6).op('i32.shl').op('i32.or');
  top(result).i32(31).op('i32.shr_u').i32(7).op('i32.shl').op('i32.or');
  code.get(of).i32(11).op('i32.shl').op('i32.or');
  return code;

  /** CF: the local below the source, or, with a carry in, not above it. */
  function borrow(local: number): void {
    top(local);
    top(source).op('i32.lt_u');
    code.get(carry);
    top(local);
    top(source).op('i32.eq').op('i32.and').op('i32.or').set(cf);
  }
}
