import 'uplot/dist/uPlot.min.css';
import './step-chart.css';
import { useEffect, useId, useLayoutEffect, useRef } from 'react';
import uPlot from 'uplot';

export interface Line {
  readonly name: string;
  /** One of the page's colours, as in "--accent". */
  readonly colour: string;
  /** One a step; null where nothing was measured. */
  readonly values: readonly (number | null)[];
}

interface Props {
  readonly label: string;
  readonly steps: readonly number[];
  /** How far the run goes: the chart's width. */
  readonly until: number;
  readonly lines: readonly Line[];
  /** Bounds of the vertical axis, where they are known. */
  readonly range?: readonly [number, number];
  /** How a value is written. */
  readonly show: (value: number) => string;
  /** Steps that one may go back to. */
  readonly marks: readonly number[];
  /** The mark that is looked at. */
  readonly place: number | null;
  /** Dragging along the chart; absent where nothing follows from it. */
  readonly onPlace?: (mark: number) => void;
}

const HEIGHT = 150;
/** Lines are told apart without their colours, too: in pixels of the page, and as the legend says it to CSS. */
const DASHES: readonly (readonly [dash: readonly number[], border: 'solid' | 'dashed' | 'dotted'])[] = [
  [[], 'solid'],
  [[6, 4], 'dashed'],
  [[2, 3], 'dotted'],
];

/** Curves over steps. What they come to is said below them in numbers; the drawing itself is for eyes only. */
export function StepChart(props: Props) {
  const { label, steps, until, lines, range, show, marks, place, onPlace } = props;
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });
  const names = lines.map(({ name, colour }) => `${name}\n${colour}`).join('\n\n');

  // The chart is made once; what it shows is handed to it below.
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const width = () => Math.max(120, element.clientWidth);
    const made = new uPlot(options(element, width(), latest), [[]], element);
    plot.current = made;
    const sizes = new ResizeObserver(() => made.setSize({ width: width(), height: HEIGHT }));
    sizes.observe(element);
    // Colours are the page's own: light or dark, they are asked for at every drawing.
    const drawn = () => made.redraw(false, true);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', drawn);
    const chosen = new MutationObserver(drawn);
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      sizes.disconnect();
      chosen.disconnect();
      dark.removeEventListener('change', drawn);
      made.destroy();
      plot.current = null;
    };
  }, [names]);

  useEffect(() => {
    plot.current?.setData([[...steps], ...lines.map(({ values }) => [...values])] as uPlot.AlignedData);
  }, [steps, lines, until, range, marks, place, names]);

  return (
    <figure className="step-chart" aria-labelledby={id}>
      <figcaption id={id}>
        <span>{label}</span>
        {lines.map(({ name, colour, values }, line) => {
          const last = values.findLast((value) => value !== null);
          return (
            <span key={name} className="step-chart-line">
              <i style={{ borderTopStyle: DASHES[line]?.[1], borderTopColor: `var(${colour})` }} />
              {name}
              {last !== undefined && last !== null && <b>{show(last)}</b>}
            </span>
          );
        })}
      </figcaption>
      <div
        ref={frame}
        className={onPlace ? 'step-chart-frame placed' : 'step-chart-frame'}
        aria-hidden="true"
        style={{ height: HEIGHT }}
      />
    </figure>
  );
}

/** `latest`: what the chart is to show now; read at every drawing. */
function options(element: HTMLElement, width: number, latest: { readonly current: Props }): uPlot.Options {
  const colour = (name: string) => {
    element.style.setProperty('--asked', `var(${name})`);
    return getComputedStyle(element).accentColor;
  };
  const axis = {
    stroke: () => colour('--soft'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: () => colour('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    // To the right there is room for half of "20,000".
    padding: [8, 20, 0, 0],
    cursor: { drag: { x: false, y: false }, y: false, points: { size: 7 } },
    scales: {
      x: { time: false, range: (_u, _least, most) => [0, Math.max(1, latest.current.until, most)] },
      y: {
        range: (_u, least, most) => {
          const { range } = latest.current;
          if (range) return [range[0], range[1]];
          // What moves by a hair must not look like a cliff.
          const slack = Math.max(0.12 * (most - least), 0.05 * Math.max(Math.abs(most), Math.abs(least)), 1e-3);
          return Number.isFinite(least + most) ? [least - slack, most + slack] : [0, 1];
        },
      },
    },
    axes: [
      // Steps are whole.
      { ...axis, size: 26, gap: 2, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000] },
      { ...axis, size: 46, gap: 2, values: (_u, ticks) => ticks.map((tick) => latest.current.show(tick)) },
    ],
    series: [
      {},
      ...latest.current.lines.map(({ colour: name }, line) => ({
        stroke: () => colour(name),
        width: 2,
        // uPlot takes it in the canvas's own pixels.
        dash: DASHES[line]?.[0].map((part) => part * devicePixelRatio) ?? [],
        spanGaps: true,
        points: { show: false },
      })),
    ],
    hooks: { draw: [(u) => drawMarks(u, latest.current, colour)], ready: [(u) => listen(u, latest)] },
  };
}

/** A tick for each checkpoint, a line where a person stands. */
function drawMarks(u: uPlot, { marks, place }: Props, colour: (name: string) => string): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.fillStyle = colour('--soft');
  const bottom = bbox.top + bbox.height;
  for (const mark of marks) ctx.fillRect(u.valToPos(mark, 'x', true) - 1, bottom - 7, 2, 7);
  if (place !== null) {
    ctx.fillStyle = colour('--ink');
    ctx.fillRect(u.valToPos(place, 'x', true) - 1, bbox.top, 2, bbox.height);
  }
  ctx.restore();
}

function listen(u: uPlot, latest: { readonly current: Props }): void {
  const seek = (event: PointerEvent) => {
    const { marks, onPlace, place } = latest.current;
    if (!onPlace || marks.length === 0) return;
    const step = u.posToVal(event.clientX - u.over.getBoundingClientRect().left, 'x');
    const nearest = marks.reduce((best, mark) => (Math.abs(mark - step) < Math.abs(best - step) ? mark : best));
    if (nearest !== place) onPlace(nearest);
  };
  u.over.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    u.over.setPointerCapture(event.pointerId);
    seek(event);
  });
  u.over.addEventListener('pointermove', (event) => {
    if (u.over.hasPointerCapture(event.pointerId)) seek(event);
  });
}
