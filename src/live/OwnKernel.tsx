/** The door to a Guest of the reader's own. */
export { default } from './workbench/Workbench.tsx';
