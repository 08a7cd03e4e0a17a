/** The head rail's own kind of item: the trail of the seven parts. */
import ComponentTypes from '@theme-original/NavbarItem/ComponentTypes';

import TrailNavbarItem from './TrailNavbarItem.tsx';

export default { ...ComponentTypes, 'custom-trail': TrailNavbarItem };
