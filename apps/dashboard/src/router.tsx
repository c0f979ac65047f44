import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { HomePage } from './home-page.tsx';
import { AppShell } from './shell/app-shell.tsx';
import { NotFoundPage } from './shell/not-found-page.tsx';
import { UnexpectedErrorPage } from './shell/unexpected-error-page.tsx';

const rootRoute = createRootRoute({
  component: AppShell,
  notFoundComponent: NotFoundPage,
  errorComponent: UnexpectedErrorPage,
});

const homeRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: HomePage });

const sessionRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sessions/$namespace/$name',
  component: lazyRouteComponent(() => import('./sessions/session-page.tsx'), 'SessionPage'),
});

const allSessionsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/sessions',
  component: lazyRouteComponent(() => import('./admin/all-sessions-page.tsx'), 'AllSessionsPage'),
});

/** Every address of the dashboard. `/login`, `/logout` and `/open` are the gateway's. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([homeRoute, sessionRoute, allSessionsRoute]),
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    readonly router: typeof router;
  }
}
