import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useQuery } from 'urql';
import { templatesQuery } from '../graphql/documents.ts';
import { type Problem, problemOf } from '../graphql/problem.ts';
import type { Template } from './template.ts';
import { templateFromGraphql } from './template-from-graphql.ts';

interface Templates {
  /** Undefined while they are being fetched. */
  readonly templates: readonly Template[] | undefined;
  readonly problem: Problem | undefined;
  readonly retry: () => void;
}

const TemplatesContext = createContext<Templates | undefined>(undefined);

/** Fetches the templates that the caller may use, for every page at once. */
export function TemplatesProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [{ data, error }, execute] = useQuery({ query: templatesQuery });
  const value = useMemo(
    (): Templates => ({
      templates: data?.vdiTemplates
        .map(templateFromGraphql)
        .toSorted((a, b) => a.displayName.localeCompare(b.displayName)),
      problem: error === undefined ? undefined : problemOf(error),
      retry: () => execute({ requestPolicy: 'network-only' }),
    }),
    [data, error, execute],
  );
  return <TemplatesContext value={value}>{children}</TemplatesContext>;
}

export function useTemplates(): Templates {
  const value = useContext(TemplatesContext);
  if (value === undefined) throw new Error('useTemplates is used outside of TemplatesProvider');
  return value;
}

/** One template by name; undefined while it is unknown, or not open to the caller. */
export function useTemplate(name: string): Template | undefined {
  return useTemplates().templates?.find((template) => template.name === name);
}
