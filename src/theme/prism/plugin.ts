/** Keeps the first visit's scripts small: the theme's own find our colours for code in the place of all of Prism, and of `tslib` what they call; and of `src/live` a page has what it uses. */
import type { LoadContext, Plugin } from '@docusaurus/types';

export default function prismPlugin({ siteDir }: LoadContext): Plugin {
  return {
    name: 'prism',
    configureWebpack: (_config, isServer) => ({
      // Whatever of it a page does not use does nothing there, either.
      module: { rules: [{ include: `${siteDir}/src/live`, sideEffects: false }] },
      resolve: {
        alias: {
          'prism-react-renderer$': `${siteDir}/src/theme/prism/highlight.tsx`,
          ...(!isServer && { tslib$: `${siteDir}/src/theme/prism/tslib.ts` }),
        },
      },
    }),
  };
}
