/*
 * Records what this processor's x87 does: each instruction form over special and random operands, control words, full,
 * partly and quite empty stacks.
 *
 *   gcc -O1 -o generate generate.c && ./generate 1 100 >silicon.txt     (seed, percent of the usual number)
 *
 * silicon.txt was recorded so on an AMD EPYC.
 *
 * Lines:
 *   v HEX20                            operand number 0, 1, 2 …: sign and exponent, significand
 *   n HEX20                            memory operand number 0, 1, 2 …, highest byte first
 *   OPCODE CW A B M MODE FLAGS > SW EMPTY FLAGS [P=HEX20 …] [m=HEX20]
 * OPCODE is (first byte & 7) << 8 | modrm, with a register number of rm. TOP is 1 before; A and B are the operands in
 * ST(0) and ST(1), M that in memory (`-`: empty, none; memory is CC bytes then); MODE e leaves the other registers empty, f fills
 * them with operand 1. After it: status word, mask of empty physical registers, EFLAGS, the physical registers that
 * changed, and memory where it changed.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

typedef struct { uint64_t m; uint16_t se; } __attribute__((packed)) ext;
typedef struct { uint32_t cw, sw, tw, ip, cs, dp, ds; ext st[8]; } __attribute__((packed)) image;

static uint64_t state;
static uint64_t rnd(void) {
  state ^= state << 13; state ^= state >> 7; state ^= state << 17;
  return state * 0x2545f4914f6cdd1dull;
}
static unsigned below(unsigned n) { return (rnd() >> 33) % n; }

#define MAX 4096
static ext value[MAX]; static int values;
static uint8_t operand[MAX][10]; static int operands;
static int specials;

static int add(uint16_t se, uint64_t m) { value[values].se = se; value[values].m = m; return values++; }
static int addOperand(const void *p, int n) {
  memset(operand[operands], 0, 10); memcpy(operand[operands], p, n);
  return operands++;
}

static void makeValues(void) {
  static const ext list[] = {
    {0, 0}, {0x8000000000000000ull, 0x3fff}, {0xc000000000000000ull, 0x3fff}, {0x8000000000000000ull, 0x4000},
    {0x8000000000000001ull, 0x3fff}, {0xffffffffffffffffull, 0x3ffe}, {0x8000000000000000ull, 0x3ffe}, {0xc90fdaa22168c235ull, 0x4000},
    {1, 0}, {0x7fffffffffffffffull, 0}, {0x4000000000000000ull, 0}, {0x8000000000000000ull, 0}, {0xffffffffffffffffull, 0},
    {0x8000000000000000ull, 1}, {0xffffffffffffffffull, 1}, {0xffffffffffffffffull, 0x7ffe}, {0x8000000000000000ull, 0x7ffe},
    {0x8000000000000000ull, 0x7fff}, {0xc000000000000000ull, 0x7fff}, {0xffffffffffffffffull, 0x7fff}, {0xc000000000000001ull, 0x7fff},
    {0x8000000000000001ull, 0x7fff}, {0xbfffffffffffffffull, 0x7fff}, {0, 0x7fff}, {0x4000000000000000ull, 0x7fff}, {0, 0x3fff},
    {0x7fffffffffffffffull, 0x3fff}, {1, 1}, {0xfffffffffffffc00ull, 0x403e}, {0x8000000000000000ull, 0x403e},
    {0xffffffffffffffffull, 0x403d}, {0xffffffffffffffffull, 0x403e}, {0x8000000000000000ull, 0x403f}, {0xfffffffeffffffffull, 0x401d},
    {0xffffffff00000000ull, 0x401d}, {0x8000000000000000ull, 0x401e}, {0xfffe000000000000ull, 0x400d}, {0xffff000000000000ull, 0x400d},
    {0x8000000000000000ull, 0x400e}, {0x8000000100000000ull, 0x3fff}, {0xffffff8000000000ull, 0x3fff}, {0xffffff7fffffffffull, 0x407e},
    {0xffffff8000000000ull, 0x407e}, {0x8000000000000000ull, 0x3f81}, {0xffffffffffffffffull, 0x3f80}, {0x8000000000000000ull, 0x3f6a},
    {0x8000000000000000ull, 0x3f69}, {0xfffffffffffffbffull, 0x43fe}, {0xfffffffffffffc00ull, 0x43fe}, {0x8000000000000000ull, 0x3c01},
    {0xffffffffffffffffull, 0x3c00}, {0x8000000000000000ull, 0x3bcd}, {0x8000000000000000ull, 0x3bcc}, {0xde0b6b3a763fffffull, 0x403a},
    {0xde0b6b3a76400000ull, 0x403a}, {0xa000000000000000ull, 0x4002}, {0xa000000000000000ull, 0x3ffd}, {0xc90fdaa22168c234ull, 0x3ffe},
    {0xc90fdaa22168c235ull, 0x3fff}, {0x8000000000000000ull, 0x400c}, {0x8000000000000000ull, 0x400d}, {0xb504f333f9de6484ull, 0x3ffe},
  };
  for (unsigned i = 0; i < sizeof list / sizeof *list; i++) {
    add(list[i].se, list[i].m);
    add(list[i].se | 0x8000, list[i].m);
  }
  /* Operand 1 fills the stack: make it one. */
  value[1] = (ext){0x8000000000000000ull, 0x3fff}; value[2] = (ext){0, 0x8000};
  specials = values;
  while (values < specials + 700) {
    uint64_t m = rnd() | 1ull << 63; uint16_t se = rnd() & 0x8000;
    switch (below(8)) {
      case 0: m &= ~0ull << below(64); break;
      case 1: m |= ~0ull >> (1 + below(63)); break;
      case 2: m &= ~0ull << 11; break;
      case 3: m &= ~0ull << 40; break;
    }
    m |= 1ull << 63;
    switch (below(10)) {
      case 0: se |= rnd() & 0x7fff; break;
      case 1: se |= below(80); if (below(2)) { se &= 0x8000; m &= ~0ull >> below(64); } break;
      case 2: se |= 0x7fff - below(80); break;
      case 3: se |= 0x3fff + below(70); break;
      case 4: se |= 0x3fff - below(70); break;
      case 5: se |= 0x407e - 40 + below(80); break;
      case 6: se |= below(2) ? 0x3f81 - 40 + below(80) : 0x3c01 - 70 + below(140); break;
      default: se |= 0x3fff - 4 + below(9); break;
    }
    add(se, m);
  }
}

static int single0, single1, double0, double1, int16_0, int16_1, int32_0, int32_1, int64_0, int64_1, bcd0, bcd1, ext0, ext1;
static void makeOperands(void) {
  static const uint32_t s[] = {0, 0x80000000, 1, 0x807fffff, 0x400000, 0x800000, 0x3f800000, 0xbf800000, 0x7f7fffff, 0x7f800000,
    0xff800000, 0x7fc00000, 0xffc00001, 0x7fffffff, 0x7f800001, 0xffbfffff, 0x3fc00000, 0x3eaaaaab};
  static const uint64_t d[] = {0, 1ull << 63, 1, 0x800fffffffffffffull, 0x0008000000000000ull, 0x0010000000000000ull,
    0x3ff0000000000000ull, 0xbff0000000000000ull, 0x7fefffffffffffffull, 0x7ff0000000000000ull, 0xfff0000000000000ull, 0x7ff8000000000000ull,
    0xfff8000000000001ull, 0x7fffffffffffffffull, 0x7ff0000000000001ull, 0xfff7ffffffffffffull, 0x3fd5555555555555ull, 0x100000000ull};
  static const uint64_t n[] = {0, 1, -1, 0x7fff, 0x8000, 0x7fffffff, 0x80000000, 0x7fffffffffffffffull, 0x8000000000000000ull, 10, 100000};
  single0 = operands; for (unsigned i = 0; i < sizeof s / 4; i++) addOperand(s + i, 4);
  for (int i = 0; i < 60; i++) { uint32_t v = rnd() >> 13; if (i & 1) v = (v & 0x80ffffff) | 0x3f000000; addOperand(&v, 4); } single1 = operands;
  double0 = operands; for (unsigned i = 0; i < sizeof d / 8; i++) addOperand(d + i, 8);
  for (int i = 0; i < 80; i++) { uint64_t v = rnd(); if (i & 1) v = (v & 0x800fffffffffffffull) | (0x3ffull - 4 + below(9)) << 52; addOperand(&v, 8); } double1 = operands;
  int16_0 = operands; for (unsigned i = 0; i < sizeof n / 8; i++) addOperand(n + i, 2);
  for (int i = 0; i < 12; i++) { uint64_t v = rnd() >> 17; addOperand(&v, 2); } int16_1 = operands;
  int32_0 = operands; for (unsigned i = 0; i < sizeof n / 8; i++) addOperand(n + i, 4);
  for (int i = 0; i < 20; i++) { uint64_t v = rnd() >> 17; addOperand(&v, 4); } int32_1 = operands;
  int64_0 = operands; for (unsigned i = 0; i < sizeof n / 8; i++) addOperand(n + i, 8);
  for (int i = 0; i < 30; i++) { uint64_t v = rnd(); if (i & 1) v >>= below(64); addOperand(&v, 8); } int64_1 = operands;
  bcd0 = operands;
  for (int i = 0; i < 24; i++) {
    uint8_t b[10]; int digits = below(19);
    for (int j = 0; j < 9; j++) b[j] = (2 * j < digits ? below(10) : 0) | (2 * j + 1 < digits ? below(10) << 4 : 0);
    b[9] = below(2) ? 0x80 : 0; if (i > 20) b[9] |= below(128);
    addOperand(b, 10);
  }
  bcd1 = operands;
  ext0 = operands; for (int i = 0; i < 160; i++) addOperand(value + (i < 90 ? i : (int)below(values)), 10); ext1 = operands;
}

static uint8_t *code;
static double percent;

static void print80(const void *p) {
  const ext *e = p;
  printf("%04x%016llx", e->se, (unsigned long long)e->m);
}

static void run(unsigned opcode, unsigned cw, int a, int b, int m, char mode, unsigned flags) {
  static image before, after; static uint8_t memory[16];
  memset(&before, 0, sizeof before);
  before.cw = 0xffff0000 | cw; before.sw = 0xffff0000 | 1 << 11;
  unsigned tags = 0;
  for (int i = 0; i < 8; i++) {
    int v = i == 0 ? a : i == 1 ? b : mode == 'f' ? 1 : -1;
    if (v < 0) tags |= 3u << 2 * ((i + 1) & 7);
    else before.st[i] = value[v];
  }
  before.tw = 0xffff0000 | tags;
  if (m >= 0) memcpy(memory, operand[m], 10); else memset(memory, 0xcc, 10);
  uint8_t kept[10]; memcpy(kept, memory, 10);
  uint8_t *p = code;
  *p++ = 0xdd; *p++ = 0x27; *p++ = 0x51; *p++ = 0x9d;
  *p++ = 0xd8 | opcode >> 8; *p++ = (opcode & 0xc0) == 0xc0 ? opcode : opcode | 6;
  *p++ = 0x9c; *p++ = 0x58; *p++ = 0xdd; *p++ = 0x32; *p++ = 0xc3;
  unsigned long out = ((unsigned long (*)(image *, uint8_t *, image *, unsigned long))code)(&before, memory, &after, 0x202 | flags);
  printf("%03x %03x ", opcode, cw);
  if (a < 0) printf("- "); else printf("%d ", a);
  if (b < 0) printf("- "); else printf("%d ", b);
  if (m < 0) printf("- "); else printf("%d ", m);
  unsigned empty = 0, sw = after.sw & 0xffff, top = sw >> 11 & 7;
  for (int i = 0; i < 8; i++) if ((after.tw >> 2 * i & 3) == 3) empty |= 1u << i;
  printf("%c %x > %04x %02x %x", mode, flags, sw, empty, (unsigned)out & 0x8d5);
  for (int i = 0; i < 8; i++) {
    ext *was = &before.st[(i - 1) & 7], *is = &after.st[(i - top) & 7];
    if (memcmp(was, is, 10)) { printf(" %d=", i); print80(is); }
  }
  if (memcmp(memory, kept, 10)) { printf(" m="); print80(memory); }
  putchar('\n');
}

static unsigned control(void) {
  static const unsigned pc[] = {0x300, 0x300, 0x300, 0x200, 0x000};
  unsigned masks = below(3) ? 0x3f : rnd() >> 20 & 0x3f;
  return 0x40 | masks | pc[below(5)] | (below(2) ? 0 : below(4) << 10);
}
static int pick(void) {
  switch (below(16)) {
    case 0: return -1;
    case 1: case 2: case 3: case 4: case 5: case 6: return below(specials);
    default: return specials + below(values - specials);
  }
}
/** Half the time an operand close to another in magnitude. */
static int near(int a) {
  if (a < 0 || below(3)) return pick();
  for (int i = 0; i < 400; i++) {
    int b = below(values), d = (value[b].se & 0x7fff) - (value[a].se & 0x7fff);
    if (d > -68 && d < 68) return b;
  }
  return pick();
}
static char mode(void) { return below(12) ? 'e' : 'f'; }

static void forms(unsigned opcode, int count, int from, int to) {
  count = count * percent / 100 + 1;
  for (int i = 0; i < count; i++) {
    int a = pick(), m = from < 0 ? -1 : from + (int)below(to - from);
    run(opcode, control(), a, near(a), m, mode(), 0);
  }
}

int main(int argc, char **argv) {
  state = (argc > 1 ? strtoull(argv[1], 0, 0) : 1) * 0x9e3779b97f4a7c15ull + 1;
  percent = argc > 2 ? atof(argv[2]) : 100;
  int only = argc > 3 ? strtol(argv[3], 0, 16) : -1;
  code = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  makeValues(); makeOperands();
  for (int i = 0; i < values; i++) { printf("v "); print80(value + i); putchar('\n'); }
  for (int i = 0; i < operands; i++) { printf("n "); print80(operand[i]); putchar('\n'); }
  if (only >= 0) { forms(only, 1000, -1, 0); return 0; }
  for (int op = 0; op < 8; op++) {
    int heavy = op == 2 || op == 3 ? 120 : 600;
    forms(0x0c1 | op << 3, heavy, -1, 0);                  /* D8 st, st(1) */
    forms(0x4c1 | op << 3, 40, -1, 0);                     /* DC st(1), st */
    if (op != 3) forms(0x6c1 | op << 3, 40, -1, 0);        /* DE pop */
    forms(0x000 | op << 3, 120, single0, single1);
    forms(0x400 | op << 3, 120, double0, double1);
    forms(0x200 | op << 3, 50, int32_0, int32_1);
    forms(0x600 | op << 3, 50, int16_0, int16_1);
  }
  forms(0x100, 120, single0, single1); forms(0x500, 120, double0, double1);
  forms(0x328, 120, ext0, ext1); forms(0x300, 60, int32_0, int32_1); forms(0x700, 60, int16_0, int16_1);
  forms(0x728, 80, int64_0, int64_1); forms(0x720, 60, bcd0, bcd1);
  for (int op = 2; op < 4; op++) {
    forms(0x100 | op << 3, 300, -1, 0); forms(0x500 | op << 3, 300, -1, 0);
    forms(0x300 | op << 3, 200, -1, 0); forms(0x700 | op << 3, 200, -1, 0);
  }
  forms(0x338, 120, -1, 0); forms(0x730, 300, -1, 0); forms(0x738, 300, -1, 0);
  /* D9 registers */
  forms(0x1c0, 20, -1, 0); forms(0x1c1, 40, -1, 0); forms(0x1c9, 60, -1, 0); forms(0x1d0, 5, -1, 0);
  forms(0x1e0, 60, -1, 0); forms(0x1e1, 60, -1, 0); forms(0x1e4, 120, -1, 0); forms(0x1e5, 160, -1, 0);
  for (int op = 0x1e8; op <= 0x1ee; op++) forms(op, 30, -1, 0);
  forms(0x1f0, 200, -1, 0); forms(0x1f1, 300, -1, 0); forms(0x1f2, 150, -1, 0); forms(0x1f3, 300, -1, 0);
  forms(0x1f4, 200, -1, 0); forms(0x1f5, 400, -1, 0); forms(0x1f6, 10, -1, 0); forms(0x1f7, 10, -1, 0); forms(0x1f8, 400, -1, 0);
  forms(0x1f9, 200, -1, 0); forms(0x1fa, 500, -1, 0); forms(0x1fb, 150, -1, 0); forms(0x1fc, 300, -1, 0); forms(0x1fd, 400, -1, 0);
  forms(0x1fe, 150, -1, 0); forms(0x1ff, 150, -1, 0);
  /* DA, DB: conditional moves with each flag, compares into flags */
  for (int op = 0; op < 4; op++) for (int not = 0; not < 2; not++) for (int i = 0; i < 8; i++) {
    static const unsigned bit[] = {0, 1, 4, 0x40, 0x41, 0x45, 0x80, 0x8d5 & ~1u};
    int a = pick();
    run((not ? 0x3c1 : 0x2c1) | op << 3, control(), a, pick(), -1, mode(), bit[i]);
  }
  forms(0x2e9, 80, -1, 0); forms(0x3e9, 120, -1, 0); forms(0x3f1, 120, -1, 0); forms(0x7e9, 60, -1, 0); forms(0x7f1, 60, -1, 0);
  forms(0x5c1, 10, -1, 0); forms(0x5d1, 20, -1, 0); forms(0x5d9, 30, -1, 0); forms(0x5e1, 120, -1, 0); forms(0x5e9, 60, -1, 0);
  forms(0x6d9, 60, -1, 0);
  return 0;
}
