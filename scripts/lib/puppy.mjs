// A puppy on a terminal: it sits, it stands, it is praised.
const SITS = ['', '     __', ' (\\_/  \\', ' ( o    )__', '  \\_ ,  |   \\', '     |  |    |~', '     ||_|_||_|'];
const STANDS = [
  '     __',
  ' (\\_/  \\_______',
  ' ( o           )~',
  '  \\_ ,  _____  |',
  '     | |     | |',
  '     | |     | |',
  '     ^^^     ^^^',
];
const WAGS = STANDS.map((line) => line.replace(')~', ')/'));
const ACTS = [
  ['Sit.', [SITS]],
  ['Up!', [STANDS]],
  ['Good dog!', [WAGS, STANDS, WAGS, STANDS, WAGS, STANDS]],
];

/** Shows it: moving where there is a terminal, as three pictures where there is none. @param {NodeJS.WriteStream} out */
export async function showPuppy(out) {
  const moving = out.isTTY && !process.env.NO_COLOR;
  const height = STANDS.length + 1;
  let shown = false;
  for (const [said, pictures] of ACTS) {
    for (const picture of moving ? pictures : pictures.slice(0, 1)) {
      if (moving && shown) out.write(`\u001b[${height}A`);
      for (const line of [...picture, said]) out.write(`${moving ? '\u001b[2K' : ''}${line}\n`);
      shown = true;
      if (moving) await new Promise((resolve) => setTimeout(resolve, 450));
    }
  }
}
