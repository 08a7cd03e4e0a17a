// npm run build: takes the types away and assembles what is assembly. program/ becomes build/, file by file.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { assemblyModule, transform } from './tools/toolchain.mjs';

const here = import.meta.dirname ?? dirname(new URL(import.meta.url).pathname);
rmSync(`${here}/build`, { recursive: true, force: true });
let files = 0;
for (const name of readdirSync(`${here}/program`, { recursive: true }).map((path) => path.replaceAll('\\', '/'))) {
  const isCode = /^(?:lguest|(?:host|launcher)\/.*)\.ts$/.test(name);
  const isSwitcher = /^switcher\/.*\.S$/.test(name);
  if (!isCode && !isSwitcher) continue;
  const { code, errors = [] } = isCode
    ? transform(readFileSync(`${here}/program/${name}`, 'utf8'), { transforms: ['typescript'], disableESTransforms: true })
    : assemblyModule(`${here}/program/${name}`, { root: `${here}/program` });
  if (errors.length > 0) throw new Error(errors.map(({ file, line, text }) => `${file}:${line}: ${text}`).join('\n'));
  const path = `${here}/build/${name.replace(/\.ts$/, '')}.js`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, code);
  files++;
}
console.log(`${files} files, in build/.`);
