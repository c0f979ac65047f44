import type { ReactNode } from 'react';
import { formatElapsed } from '../time/format-elapsed.ts';
import type { StartTimeline } from './start-timeline.ts';
import styles from './timeline-bar.module.css';

/** A start in one line: a segment for each stage, and what is being done now. */
export function TimelineBar({ timeline }: { readonly timeline: StartTimeline }): ReactNode {
  const current = timeline.steps.find(({ state }) => state === 'current' || state === 'failed');
  const done = timeline.steps.filter(({ state }) => state === 'done').length;
  return (
    <div className={styles['timeline']}>
      <div
        className={styles['bar']}
        role="progressbar"
        aria-label="Start"
        aria-valuemin={0}
        aria-valuemax={timeline.steps.length}
        aria-valuenow={done}
        aria-valuetext={current === undefined ? 'Ready' : `Step ${done + 1} of ${timeline.steps.length}`}
      >
        {timeline.steps.map(({ stage, state }) => (
          <span key={stage} className={styles['segment']} data-state={state} />
        ))}
      </div>
      <div className={styles['words']}>
        <span>{current === undefined ? 'Ready' : (upcoming[current.stage] ?? current.label)}</span>
        <span>{formatElapsed(timeline.totalMs)}</span>
      </div>
    </div>
  );
}

/** What is being done while a stage has not been reached. */
const upcoming: Readonly<Record<string, string>> = {
  Accepted: 'Checking the request',
  HomeReady: 'Preparing your home',
  Scheduled: 'Choosing a machine',
  ImagePulled: 'Fetching the image',
  DisplayReady: 'Starting the display',
  DesktopReady: 'Starting the desktop',
  Ready: 'Opening the route',
};
