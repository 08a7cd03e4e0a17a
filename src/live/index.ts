/** The page's live Guest. The folder's only door; the worker (`worker.ts`) is bundled apart. */
export { default as Editable } from './edit/Editable.tsx';
export { default as EditButton } from './edit/EditButton.tsx';
export { useShown } from './edit/state.ts';
export { useBreak } from './edit/use_break.ts';
export { default as BayPlace } from './bay/BayPlace.tsx';
export { default as LiveGuest } from './LiveGuest.tsx';
export { default as OwnKernel } from './OwnKernel.tsx';
export { chapterName, useChapterAddress } from './page/chapter_address.ts';
export { onResized } from './page/on_resized.ts';
export { useLineLight } from './page/use_line_light.ts';
export { LINE, SOURCE } from './rows.ts';
export { signOf, worldOfFile, worlds } from './worlds.ts';
export type { WorldName, WorldSign } from './worlds.ts';
