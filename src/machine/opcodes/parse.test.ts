import { describe, expect, it } from 'vitest';
import { FORMS, parseTable, sizeInBytes } from './index.ts';

const one = (line: string): unknown => {
  const { attributes, id, ...form } = parseTable(line)[0];
  return { ...form, attributes: [...attributes], id };
};

describe('the table language', () => {
  it('reads ModRM forms', () => {
    expect(one('add | 83 /0 ib | Ev sIb | lock')).toEqual({
      id: 0,
      key: '83 /0 ib Ev sIb',
      name: 'add',
      mnemonic: 'add',
      att16: 'add',
      att32: 'add',
      cc: -1,
      map: 0,
      opcode: 0x83,
      mandatory: 0,
      plusRegister: false,
      modrm: 'digit',
      digit: 0,
      plusStack: false,
      immediates: ['ib'],
      sized: true,
      attributes: ['lock'],
      operands: [
        { kind: 'E', size: 'v', reg: 0 },
        { kind: 'sI', size: 'b', reg: 0 },
      ],
    });
  });

  it.each([
    ['set{cc} | 0F 90+cc /x | Eb | sem=set', 5, '0f 95 /x Eb'],
    ['push | 50+r | Zv |', 0, '50+r Zv'],
    ['fchs | D9 E0 | | fpu', 0, 'd9 e0'],
  ])('names a form of `%s` by encoding and operands', (line, n, key) => expect(parseTable(line)[n].key).toBe(key));

  it('takes no form twice', () => expect(() => parseTable('nop | 90 | |\nxchg | 90 | |')).toThrow('90 stands there twice'));

  it('spreads conditions over sixteen forms', () => {
    const forms = parseTable('set{cc} | 0F 90+cc /x | Eb | sem=set');
    expect(forms.map((f) => `${f.mnemonic}:${f.opcode.toString(16)}:${f.cc}`).join(' ')).toBe(
      'seto:90:0 setno:91:1 setb:92:2 setae:93:3 sete:94:4 setne:95:5 setbe:96:6 seta:97:7 ' +
        'sets:98:8 setns:99:9 setp:9a:10 setnp:9b:11 setl:9c:12 setge:9d:13 setle:9e:14 setg:9f:15',
    );
    expect(forms.every((f) => f.name === 'set' && f.modrm === 'ignored')).toBe(true);
  });

  it('keeps the names AT&T turned round', () => {
    expect(one('fsubr | DC E0+i | STi ST0 | fpu att=fsub')).toMatchObject({
      name: 'fsubr',
      att32: 'fsub',
      modrm: 'opcode',
      digit: 0xe0,
      plusStack: true,
    });
    expect(one('cbw | 98 | | att=cbtw/cwtl sized')).toMatchObject({ att16: 'cbtw', att32: 'cwtl', sized: true });
  });

  it.each([
    ['add | 00 /9 | Eb Gb |', 'encoding'],
    ['add | 00 /r | Q! |', 'operand'],
    ['add | 00 /r | Eb Gb | lok', 'what is lok?'],
    ['add | 02 /r | Gb Eb | lock', 'lock without memory to write'],
    ['jmp | EB jb | Jb | conditional', 'conditional without branch'],
    ['clts | 0F 06 | | cpl0 mild', 'mild without alone'],
    ['rdtsc | 0F 31 | | exact', 'exact without alone'],
    ['in | EC | AL DX | alone exact mild', 'exact and mild'],
    ['movs | A4 | Yb Xb |', 'a string instruction has rep or repz'],
    ['movs | A4 | Yb Xb | rep repz', 'rep and repz'],
    ['nop | 90 | | rep', 'a string instruction has rep or repz'],
    ['push | 50+r | Zv | sized', 'sized, though an operand is'],
    ['nop | 90 | | mod3', 'mod3 without a register'],
    ['nop | 90 | | wait', 'wait without fpu'],
  ])('refuses a mistake: %s', (line, why) => {
    expect(() => parseTable(line)).toThrow(`opcode table: ${why}`);
  });
});

describe('the table', () => {
  it('numbers its forms densely', () => {
    FORMS.forEach((form, i) => expect(form.id).toBe(i));
  });

  it('lets nothing but memory destinations be locked', () => {
    const lockable = [...new Set(FORMS.filter((f) => f.attributes.has('lock')).map((f) => f.name))].sort();
    expect(lockable).toEqual([
      'adc',
      'add',
      'and',
      'btc',
      'btr',
      'bts',
      'cmpxchg',
      'cmpxchg8b',
      'dec',
      'inc',
      'neg',
      'not',
      'or',
      'sbb',
      'sub',
      'xadd',
      'xchg',
      'xor',
    ]);
  });

  it('knows the sizes of x87 images', () => {
    expect([sizeInBytes('e', 16), sizeInBytes('e', 32), sizeInBytes('f', 16), sizeInBytes('f', 32)]).toEqual([14, 28, 94, 108]);
  });
});
