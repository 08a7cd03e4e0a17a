import { relative } from 'node:path';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification, Vitest } from 'vitest/node';

/**
 * In what order files of tests are begun: those that take long before all others, so that nobody is alone with one at the end while the other processor has nothing to do.
 * On a fresh clone nothing tells how long each takes, and vitest would go by their sizes.
 * @param paths from the root, the longest first
 */
export function longestFirst(paths: readonly string[]): new (vitest: Vitest) => BaseSequencer {
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      const rank = ({ moduleId, project }: TestSpecification): number => {
        const at = paths.indexOf(relative(project.config.root, moduleId).replaceAll('\\', '/'));
        return at < 0 ? paths.length : at;
      };
      return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
    }
  };
}
