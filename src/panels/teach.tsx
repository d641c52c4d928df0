/** The Teach room: a person's own pictures and words, and a model that learns from them in this tab. */
import '../ui/room-head.css';
import './teach.css';
import { useEffect, useRef } from 'react';
import { fileOf, modelOf } from '../state/catalogue.ts';
import { useLimn } from '../state/context.ts';
import { resultOf } from '../state/job.ts';
import { useFocusKept } from '../ui/focus-kept.ts';
import { Begin } from './teach/Begin.tsx';
import { Lesson } from './teach/Lesson.tsx';
import { Examples } from './teach/Examples.tsx';
import { NoCritic } from './teach/NoCritic.tsx';
import { OwnModels } from './teach/OwnModels.tsx';
import { Plan } from './teach/Plan.tsx';
import { Runs } from './teach/Runs.tsx';
import { Trouble } from './teach/Trouble.tsx';

export function TeachRoom() {
  const model = useLimn((s) => modelOf(s, s.form.recipe.model));
  const open = useLimn((s) => s.lesson !== null);
  const filled = useLimn((s) => s.teach.items.length > 0);
  const fetchRuns = useLimn((s) => s.fetchRuns);
  const fetchOwn = useLimn((s) => s.fetchOwn);
  const openDraft = useLimn((s) => s.openDraft);
  useEffect(() => {
    void fetchRuns();
    void fetchOwn();
    void openDraft();
  }, [fetchRuns, fetchOwn, openDraft]);
  const title = useRef<HTMLHeadingElement>(null);
  const was = useRef(open);
  // Back from a run: its buttons are gone.
  useEffect(() => {
    if (was.current && !open) title.current?.focus({ preventScroll: true });
    was.current = open;
  }, [open]);
  // The last run was forgotten, and its list went with it.
  const runs = useLimn((s) => resultOf(s.runs)?.length ?? 0);
  useFocusKept(runs, () => title.current);
  const teachable = model === null || fileOf(model, 'critic') !== null;
  return (
    <section className="teach-room headed" aria-labelledby="teach-title">
      <h1 id="teach-title" ref={title} tabIndex={-1}>
        Teach
      </h1>
      {open ? (
        <>
          <Trouble />
          <Lesson />
        </>
      ) : (
        <>
          <p className="room-lead">
            Show a painter ten to five hundred pictures with a caption each, and it learns to paint what they show. It
            learns in this tab: nothing is uploaded, and you may stop and go on whenever you like.
          </p>
          <Trouble />
          <Runs />
          {teachable ? (
            <>
              <Examples />
              {filled && <Plan />}
              {filled && <Begin />}
            </>
          ) : (
            <NoCritic model={model} />
          )}
        </>
      )}
      <OwnModels />
    </section>
  );
}
