/** What the archive of the program builds with, in one file: types away, assembly to bytes, scenes to worlds. */
export { transform } from 'sucrase';
export { assemblyModule } from '../../../src/asm/bundler.ts';
export { lines } from '../../../src/tangle/count/runtime.ts';
export { buildScene } from '../../../src/weave/scenes/build_scene.ts';
