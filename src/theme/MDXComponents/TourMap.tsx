import type { ReactNode } from 'react';

import { parts } from '../parts.ts';
import Sideways from './Sideways.tsx';

/** Where each part lies on the map. */
const STOPS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  P: [52, 66],
  G: [214, 150],
  D: [452, 118],
  L: [668, 132],
  H: [560, 366],
  S: [284, 268],
  M: [62, 404],
};

/** The map: the worlds, and the way through them. */
export default function TourMap(): ReactNode {
  return (
    <figure className="figure figure--wide">
      <Sideways what="The map">
        <svg viewBox="0 0 820 470" role="img" aria-labelledby="tour-map-title">
          <title id="tour-map-title">
            A map: the Guest above left, the Launcher above right, the Host below both. Devices lie between Guest and Launcher, the Switcher
            is the bridge between Guest and Host. The route goes from Preparation to Guest, Drivers, Launcher, Host, Switcher and Mastery.
          </title>
          <path
            className="world-guest-kernel-fill"
            d="M118 52c30-10 70-6 110-9s96-4 132 3 40 22 38 60 6 62-6 84-40 18-92 19-96 6-136-1-52-16-55-50 1-48-3-70-8-30 12-36z"
          />
          <path
            className="world-guest-user-fill"
            d="M124 56c28-9 66-5 104-8s94-4 128 2 37 16 36 34c-30 14-60 2-96 10s-70 10-104 2-52-4-76-8c-2-14-10-26 8-32z"
          />
          <path
            className="world-launcher-fill"
            d="M560 54c36-8 76-7 112-6s78 0 94 14 12 52 11 78-2 44-22 54-70 10-104 11-76-1-92-14-11-46-12-76-9-54 13-61z"
          />
          <path
            className="world-host-fill"
            d="M182 326c70-11 150-8 250-10s236-6 296 4 50 28 50 54-8 46-60 54-220 12-330 12-178 4-214-10-32-32-30-60 8-39 38-44z"
          />
          <path className="world-switcher-fill" d="M246 204h76l-4 120h-68z" />
          <path className="world-switcher-stroke" d="M248 232h72M248 256h72M249 280h70M249 302h70" strokeOpacity="0.45" />
          <path className="ink dashed" d="M690 206v112" />
          <path className="ink dashed" d="M402 92c40 8 96-6 142 4M404 154c44-8 92 8 138-2" />
          <path className="ink" d="M10 440c14-32 28-62 48-94 10 14 18 26 26 42 5-8 9-13 13-20 12 22 20 46 30 72" />
          <path className="ink" d="M45 368c4 6 8 2 12 8 4-6 8 0 13-8" />

          <text className="label world-guest-user-text" x="286" y="78">
            Guest user <tspan className="small">○</tspan>
          </text>
          <text className="label world-guest-kernel-text" x="286" y="186">
            Guest kernel <tspan className="small">●</tspan>
          </text>
          <text className="label world-launcher-text" x="640" y="84">
            Launcher <tspan className="small">▲</tspan>
          </text>
          <text className="label world-host-text" x="640" y="420">
            Host kernel <tspan className="small">■</tspan>
          </text>
          <text className="label world-switcher-text" x="334" y="262">
            Switcher <tspan className="small">◆</tspan>
          </text>
          <text className="hand" x="334" y="282">
            mind the gap
          </text>
          <text className="mono" x="700" y="266">
            /dev/lguest
          </text>
          <text className="hand" x="418" y="182">
            shared memory
          </text>
          <text className="hand" x="420" y="82">
            devices
          </text>
          <text className="small faint" x="580" y="106">
            an ordinary program
          </text>
          <text className="small faint" x="190" y="418">
            lguest’s own files, on a sliver of Linux
          </text>

          <path
            className="tour-map__route"
            d="M52 66c30 60 92 92 162 84s180-52 238-32 140 6 216 14c80 60 20 210-108 234-90 16-230-6-262-46s-20-60-14-52c-40 70-146 112-222 136"
          />
          {parts.map((part) => {
            const [x, y] = STOPS[part.letter];
            return (
              <g key={part.letter} className={`part-${part.letter.toLowerCase()}`}>
                <circle cx={x} cy={y} r="15" className="tour-map__stop" />
                <text className="tour-map__letter" x={x} y={y + 4.5} textAnchor="middle">
                  {part.letter}
                </text>
              </g>
            );
          })}
          <text className="hand" x="24" y="40">
            set out here
          </text>
          <text className="hand" x="22" y="462">
            now change it
          </text>
        </svg>
      </Sideways>
      <figcaption>The lay of the land, and the way through it. Each world keeps its colour and its sign all along the tour.</figcaption>
    </figure>
  );
}
