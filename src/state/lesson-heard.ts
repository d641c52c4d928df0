/** What the engine says while a run trains, on its way into the lesson. */
import type { Point, TrainProgress } from '../engine/protocol-teaching.ts';
import { running } from './job.ts';
import { hearPoints, withSheet, type Lesson } from './lesson-state.ts';

/** Points are shown together: curves that are drawn anew for each would keep a slow device from training. Milliseconds. */
const BEAT = 400;

export type Change = (how: Partial<Lesson> | ((lesson: Lesson) => Partial<Lesson>)) => void;

export interface Ear {
  readonly hear: (progress: TrainProgress) => void;
  /** What was heard and waits to be shown, at once. */
  readonly tell: () => void;
}

/** For one stretch of training. */
export function earFor(change: Change): Ear {
  let points: Point[] = [];
  let beat: ReturnType<typeof setTimeout> | undefined;

  function tell(): void {
    clearTimeout(beat);
    beat = undefined;
    const heard = points;
    points = [];
    if (heard.length > 0) change((lesson) => hearPoints(lesson, heard));
  }

  function hear(progress: TrainProgress): void {
    switch (progress.stage) {
      case 'point':
        points.push(progress.point);
        beat ??= setTimeout(tell, BEAT);
        return;
      case 'sheet':
        return change(({ sheets, before }) => ({
          sheets: withSheet(sheets, progress),
          before: progress.before ?? before,
        }));
      case 'checkpoint': {
        const { step, checkpoints } = progress;
        return change(({ run, place }) => ({
          run: { ...run, step, checkpoints },
          // One cannot go back to what was thinned out.
          place: place !== null && checkpoints.includes(place) ? place : null,
        }));
      }
      default:
        return change(({ training }) =>
          training.state === 'running' ? { training: running({ ...training.progress, fetching: progress }) } : {},
        );
    }
  }

  return { hear, tell };
}
