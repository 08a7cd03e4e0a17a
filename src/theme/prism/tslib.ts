/** Of `tslib`, what the site's scripts call: a whole one is four kilobytes on every page. */

interface Module {
  readonly __esModule?: boolean;
}

/** A module that is none of ECMAScript's, as one whose default it is. */
export function __importDefault(module: Module): object {
  return module.__esModule === true ? module : { default: module };
}
