/** A GDT with a descriptor of every kind from selector 0x58 on, for what reads them and for what refuses them. */
export const DESCRIPTORS = `
  58 tss32 dpl0 base=5000 limit=67
  60 tss16 dpl0 base=5800 limit=2b
  68 tss32 dpl0 np base=5000 limit=67
  70 ldt dpl0 base=3000 limit=f
  78 ldt dpl0 np base=3000 limit=f
  80 call32 dpl3 to=8:1
  88 int32 dpl3 to=8:1
  90 code dpl0 r c limit=12345
  98 code dpl3
  a0 data dpl3 limit=123fff
  a8 task dpl3 to=58:0
  b0 data dpl3 np w
  b8 type=0 dpl3
  c0 data dpl1 w limit=fff
`;
