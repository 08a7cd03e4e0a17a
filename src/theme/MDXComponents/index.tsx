/** What every chapter may use without importing it. */
import MDXComponents from '@theme-original/MDXComponents';

import { Change, Explore, Find, Stage } from '#live';

import Break from './Break.tsx';
import Compared from './Compared.tsx';
import Differs from './Differs.tsx';
import Door, { Doors } from './Door.tsx';
import Excerpt from './Excerpt.tsx';
import Figure from './Figure.tsx';
import Guest from './Guest.tsx';
import GuestMenu from './GuestMenu.tsx';
import Journey from './Journey.tsx';
import JourneyMap from './JourneyMap.tsx';
import Known from './Known.tsx';
import Marker from './Marker.tsx';
import Moment from './Moment.tsx';
import Measured from './Measured.tsx';
import Note from './Note.tsx';
import PartList from './PartList.tsx';
import Patched from './Patched.tsx';
import Predict from './Predict.tsx';
import Promise from './Promise.tsx';
import Puppy from './Puppy.tsx';
import Stacked from './Stacked.tsx';
import Step from './Step.tsx';
import Table from './Table.tsx';
import Term from './Term.tsx';
import TourMap from './TourMap.tsx';
import World from './World.tsx';
import YourTurn from './YourTurn.tsx';

export default {
  ...MDXComponents,
  table: Table,
  Break,
  Change,
  Compared,
  Differs,
  Door,
  Doors,
  Excerpt,
  Explore,
  Figure,
  Find,
  GuestMenu,
  Journey,
  JourneyMap,
  Known,
  LiveGuest: Guest,
  Marker,
  Measured,
  Moment,
  Note,
  PartList,
  Patched,
  Predict,
  Promise,
  Puppy,
  Stacked,
  Stage,
  Term,
  Step,
  TourMap,
  World,
  YourTurn,
};
