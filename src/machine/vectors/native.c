/*
 * Runs instructions on this processor, in a 32-bit process of its own without a library: cases come in on standard input, what they did goes
 * out (record.mjs, which compiles this, knows the format). Code lies at 110000, data at 100040, the stack pointer is the case's.
 */
typedef unsigned u; typedef unsigned char u8;
static int sys(int n,u a,u b,u c,u d,u e){int r; register u edi asm("edi")=e; asm volatile("push %%ebp; xor %%ebp,%%ebp; int $0x80; pop %%ebp":"=a"(r):"a"(n),"b"(a),"c"(b),"d"(c),"S"(d),"r"(edi):"memory");return r;}
static int mmap_(u a,u len){ u args[6]={a,len,7,0x32,-1,0}; return sys(90,(u)args,0,0,0,0);} 
u saved_esp,in[9],out[9],out_esp; static u8 stk[65536]; extern u8 after[]; void go(void); int gofault(void);
struct rec{ u8 n; u8 code[15]; u r[7]; u f; u sp; u m[4]; } ; struct res{ u sig; u r[7]; u f; u esp; u m[8]; };
u signo, start_esp;
asm(".text\ngo: pusha; pushf; mov %esp,saved_esp; movl $0,signo; mov $in,%esp; popa; popf; mov start_esp,%esp; jmp *entry\n.globl after\n"
    "after: mov %esp,out_esp; mov $(out+36),%esp; pushf; pusha; mov saved_esp,%esp; popf; popa; cld; ret\n"
    "onsig: mov 4(%esp),%eax; mov %eax,signo; mov saved_esp,%esp; popf; popa; cld; ret\n.data\nentry: .long 0x110000\n.text\n.globl _start\n_start: and $-16,%esp; call cmain\n");
extern u8 onsig[];
static void cpy(void*d,const void*s,u n){u8*a=d;const u8*b=s;while(n--)*a++=*b++;}
void cmain(void){ u8*code=(u8*)0x110000,*data=(u8*)0x100000; mmap_(0x100000,0x1000); mmap_(0x110000,0x1000);
 u ss[3]={(u)stk,0,sizeof stk}; sys(186,(u)ss,0,0,0,0);
 u sa[5]={(u)onsig,0x08000000u|0x40000000u,0,0,0}; int sg[]={4,5,7,8,11}; for(int i=0;i<5;i++) sys(174,sg[i],(u)sa,0,8,0);
 struct rec q; struct res a;
 for(;;){ u got=0; while(got<sizeof q){int n=sys(3,0,(u)&q+got,sizeof q-got,0,0); if(n<=0) sys(1,0,0,0,0,0); got+=n;}
  cpy(code,q.code,q.n); code[q.n]=0xff; code[q.n+1]=0x25; u p=0x110800,t=(u)after; cpy(code+q.n+2,&p,4); cpy((u8*)p,&t,4);
  for(int i=0;i<4096;i++)data[i]=0; cpy(data+0x40,q.m,16);
  in[7]=q.r[0];in[6]=q.r[1];in[5]=q.r[2];in[4]=q.r[3];in[3]=0;in[2]=q.r[4];in[1]=q.r[5];in[0]=q.r[6];in[8]=q.f; start_esp=q.sp;
  go(); a.sig=signo; a.r[0]=out[7];a.r[1]=out[6];a.r[2]=out[5];a.r[3]=out[4];a.r[4]=out[2];a.r[5]=out[1];a.r[6]=out[0];a.f=out[8]&0xcd5;a.esp=out_esp; cpy(a.m,data+0x38,32);
  u done=0; while(done<sizeof a){int n=sys(4,1,(u)&a+done,sizeof a-done,0,0); if(n<=0) sys(1,1,0,0,0,0); done+=n;} } }
