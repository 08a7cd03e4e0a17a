/*
 * Runs instructions on this processor, in a 32-bit process of its own without a library: cases come in on standard input, what they did goes
 * out (record.mjs compiles this and knows the format; places.ts knows the descriptors).
 *
 * A case begins with a sigreturn, which loads every register from memory, and ends with a signal, which stores them all: at the UD2 that each
 * case's code leads to, or where it faults.
 */
typedef unsigned u; typedef unsigned short u16; typedef unsigned char u8;

static int sys(int n, u a, u b, u c, u d, u e) {
  int r;
  register u edi asm("edi") = e;
  asm volatile("push %%ebp; xor %%ebp, %%ebp; int $0x80; pop %%ebp" : "=a"(r) : "a"(n), "b"(a), "c"(b), "d"(c), "S"(d), "r"(edi) : "memory");
  return r;
}
static void copy(void *to, const void *from, u n) { u8 *a = to; const u8 *b = from; while (n--) *a++ = *b++; }
static void zero(void *to, u n) { u8 *a = to; while (n--) *a++ = 0; }
static void all(int call, int fd, void *at, u n) {
  for (u done = 0; done < n;) {
    int got = sys(call, fd, (u)at + done, n - done, 0, 0);
    if (got <= 0) sys(1, got < 0 || done != 0, 0, 0, 0, 0);
    done += got;
  }
}

/* Linux's struct sigcontext_32. */
struct context { u gs, fs, es, ds, edi, esi, ebp, esp, ebx, edx, ecx, eax, trap, error, eip, cs, flags, esp_at_signal, ss, fpstate, mask, cr2; };
/* Code, its length and linear address; linear address of the data, whose first four words are the case's. */
struct ask { u code_at, data_at, length; u8 code[64]; struct context context; u memory[4]; };
/* The context after it, and memory from 32 bytes before the data to 128 after. */
struct answer { u signal; struct context context; u memory[40]; };

static struct { struct context context; u8 rest[1024]; } frame;
static u8 stack[65536];
static struct ask ask;
static struct answer answer;
static u home;

/* In the handler, which never returns: DS, ES, SS and CS are as at the program's start. */
static void finish(int signal, struct context *context) {
  answer.signal = signal;
  copy(&answer.context, context, sizeof *context);
  copy(answer.memory, (void *)(ask.data_at - 32), sizeof answer.memory);
  all(4, 1, &answer, sizeof answer);
  asm volatile("mov %0, %%esp; jmp loop" : : "r"(home));
}
void handler(int signal, struct context context) { finish(signal, &context); }

void next(void) {
  all(3, 0, &ask, sizeof ask);
  zero((void *)(ask.data_at & ~0xfffu), 0x1000);
  zero((void *)0x10ff00, 0x200);
  copy((void *)ask.data_at, ask.memory, 16);
  copy((void *)ask.code_at, ask.code, ask.length);
  copy(&frame.context, &ask.context, sizeof ask.context);
  asm volatile("mov %0, %%esp; mov $119, %%eax; int $0x80" : : "r"(&frame));
}

static void map(u at, u length) {
  u arguments[6] = {at, length, 7, 0x32, -1, 0};
  if (sys(90, (u)arguments, 0, 0, 0, 0) != (int)at) sys(1, 2, 0, 0, 0, 0);
}
/* Linux's struct user_desc: number, base, limit, then bits: 32-bit, contents (2), not writable, in pages, absent. */
static void describe(u number, u base, u limit, u bits) {
  u entry[4] = {number, base, limit, bits};
  if (sys(123, 0x11, (u)entry, 16, 0, 0) != 0) sys(1, 3, 0, 0, 0, 0);
}
enum { WIDE = 1, DOWN = 1 << 1, CODE = 2 << 1, CONFORMING = 3 << 1, FIXED = 8, ABSENT = 32 };

void start(u esp) {
  home = esp - 256;
  map(0x8000, 0x1000);
  map(0x100000, 0x10000);
  map(0x110000, 0x10000);
  map(0x121000, 0x1000);
  copy((void *)0x121000, "\x0f\x0b", 2);
  describe(0, 0x110000, 0xffff, CODE);
  describe(1, 0x110000, 0xfff, CODE | WIDE);
  describe(2, 0x100000, 0xffff, 0);
  describe(3, 0x100040, 0x1f, WIDE);
  describe(4, 0x100000, 0x3f, DOWN | WIDE);
  describe(5, 0x100040, 0x1f, FIXED | WIDE);
  describe(6, 0x110000, 0xffff, CODE | FIXED | WIDE);
  describe(7, 0x100000, 0xffff, WIDE | ABSENT);
  describe(8, 0x100000, 0x3f, DOWN);
  describe(9, 0x110000, 0xffff, CONFORMING | WIDE | ABSENT); /* Linux allows no other. */
  u alternate[3] = {(u)stack, 0, sizeof stack};
  sys(186, (u)alternate, 0, 0, 0, 0);
  /* On that stack, and again within itself. */
  u action[5] = {(u)handler, 0x48000000u, 0, 0, 0};
  static const u8 signals[] = {4, 5, 7, 8, 11};
  for (u i = 0; i < sizeof signals; i++) sys(174, signals[i], (u)action, 0, 8, 0);
  asm volatile("mov %0, %%esp; jmp loop" : : "r"(home));
}
asm(".globl _start\n_start: mov %esp, %eax; and $-16, %esp; push %eax; push %eax; call start\n"
    "loop: xor %eax, %eax; mov %eax, %fs; mov %eax, %gs; cld; call next\n");
