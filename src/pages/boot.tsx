/** Bring your own kernel. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import useBrokenLinks from '@docusaurus/useBrokenLinks';
import Layout from '@theme/Layout';

import { LiveGuest, OwnKernel } from '#live';

/** The place of the two of them, to which the front page leads. */
const TWO = 'two-puppies';

export default function Boot(): ReactNode {
  useBrokenLinks().collectAnchor(TWO);
  return (
    <Layout title="Bring your own kernel" description="Boot a Linux kernel of yours as an lguest Guest, in this page">
      <main className="index-page index-page--wide markdown">
        <h1>Bring your own kernel</h1>
        <p>
          The hypervisor of this book speaks the true interface of lguest, as it was in Linux 2.6.25. So a Linux kernel that was built to be
          a Guest, with <code>CONFIG_LGUEST_GUEST=y</code>, boots right here, on the processor that the <Link to="/">chapters</Link> run on:
          with a terminal you can type at, a disk, and every instrument, backwards included.
        </p>
        <OwnKernel />
        <h2 id="puppy">No kernel at hand?</h2>
        <p>
          Take ours. <Link to="/guest/puppy_kernel">Puppy</Link> is the small kernel of this book, with a shell, some thirty commands and a
          disk; every line of it stands in the chapters, and lights up there. Type <code>help</code>; and for the disk, which has a letter
          on it, <code>mount /dev/vda /mnt</code> and <code>cat /mnt/letter</code>.
        </p>
        <LiveGuest scene="puppy_boot" title="Puppy, with a disk" />
        <h3 id={TWO}>Two, on one wire</h3>
        <p>
          Both boot on one processor, and each has a terminal of its own. Let the first one say <code>ping 10.0.0.2</code>.
        </p>
        <LiveGuest scene="puppy_pair" title="Two puppies, and a wire" />
        <h2>What it takes</h2>
        <ul>
          <li>
            A 32-bit kernel, best 2.6.25; of the later ones 2.6.27 to 2.6.34 have been seen to run; <code>vmlinux</code> as the build leaves
            it, or a <code>bzImage</code>. No PAE. Virtio console, block and network go by what the chapters of the drivers say.
          </li>
          <li>
            Something to run: an initial RAM disk (<code>root=/dev/ram0</code>), or an image with a file system on it (
            <code>root=/dev/vda</code>).
          </li>
          <li>
            <code>console=hvc0</code>, so that you see what it says once its first, primitive console is no more.
          </li>
          <li>
            For names in the instruments, a <code>vmlinux</code> with its symbols, or the <code>System.map</code> of its build: then
            addresses say whose they are, <i>Calls</i> shows who called whom, and a breakpoint may be a name.
          </li>
        </ul>
        <p>
          What your Guest writes to its disk is kept beside the image, in this browser, until you let it be forgotten; the image itself
          never changes. A disk may also stand on a server, if that server answers range requests and lets this page read them: then only
          the pieces that are needed are fetched.
        </p>
        <p>
          Its network leads nowhere, to a gateway that lives in this page, or to a second Guest like it on the same wire. The gateway is at
          10.0.2.2, hands out addresses by DHCP, answers ping, and has a small server on port 80, which sends back whatever it is asked. No
          byte leaves your browser.
        </p>
        <p>
          A run can be put away in a file: <i>Save this run</i>, under the little disk in the bay’s head. Opened above, dropped on any page
          of this book, or given to <code>npx lguest --open=FILE</code>, it goes on where it stood, here or in another browser; and back, to
          long before it was saved.
        </p>
      </main>
    </Layout>
  );
}
