/** A page of the site that is no chapter: text in a column. */
import type { ReactNode } from 'react';
import { PageMetadata } from '@docusaurus/theme-common';
import Layout from '@theme/Layout';
import MDXContent from '@theme/MDXContent';
import type { Props } from '@theme/MDXPage';

export default function MDXPage({ content: Content }: Props): ReactNode {
  const { title = '', description = '' } = Content.metadata;
  return (
    <Layout>
      <PageMetadata title={title} description={description} />
      <main className="index-page markdown">
        <MDXContent>
          <Content />
        </MDXContent>
      </main>
    </Layout>
  );
}
