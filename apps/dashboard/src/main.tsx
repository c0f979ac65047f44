import './theme/mantine.ts';
import { MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider as GraphqlProvider } from 'urql';
import { ConnectionProvider, createConnection } from './graphql/connection.ts';
import { createClient } from './graphql/create-client.ts';
import { router } from './router.tsx';
import { theme } from './theme/theme.ts';
import { ToastProvider } from './toasts/toasts.tsx';

const connection = createConnection();
const root = document.querySelector('#root');
if (root === null)
  throw new Error('The page has no element with the id "root": index.html is not the one it was built with');

// Style elements are forbidden by the content security policy: Mantine's variables come as a style sheet instead.
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <ConnectionProvider value={connection}>
        <GraphqlProvider value={createClient(connection)}>
          <ToastProvider>
            <RouterProvider router={router} />
          </ToastProvider>
        </GraphqlProvider>
      </ConnectionProvider>
    </MantineProvider>
  </StrictMode>,
);
