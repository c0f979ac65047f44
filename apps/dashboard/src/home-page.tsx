import type { ReactNode } from 'react';
import { SessionsSection } from './sessions/sessions-section.tsx';
import { Catalogue } from './templates/catalogue.tsx';

/** What somebody has, and what they may start. */
export function HomePage(): ReactNode {
  return (
    <>
      <SessionsSection />
      <Catalogue />
    </>
  );
}
