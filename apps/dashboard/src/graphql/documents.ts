import { graphql } from './graphql.ts';

export const sessionFields = graphql(`
  fragment SessionFields on VDISession {
    name
    namespace
    metadata {
      uid
      creationTimestamp
      deletionTimestamp
    }
    spec {
      user
      template
      displayName
      suspended
      resources {
        gpu
        memory
        cpu
      }
      persistence {
        enabled
      }
    }
    status {
      phase
      message
      startTime
      url
      node
      encoder
      viewers
      expiresAt
      idleDeadline
      conditions {
        type
        status
        reason
        message
      }
      timeline {
        stage
        at
        message
      }
    }
  }
`);

export const meQuery = graphql(`
  query Me {
    me {
      user
      displayName
      roles
      expiresAt
      account {
        spec {
          quota {
            sessions
            gpu
            cpu
            memory
          }
        }
        status {
          sessions
          usage {
            gpu
            cpu
            memory
          }
        }
      }
    }
  }
`);

export const templatesQuery = graphql(`
  query Templates {
    vdiTemplates {
      name
      spec {
        displayName
        description
        icon
        tags
        resources {
          defaultGPU
          maxGPU
          defaultMemory
          maxMemory
          defaultCPU
          maxCPU
        }
        persistence {
          enabled
        }
      }
    }
  }
`);

export const watchSessionsSubscription = graphql(
  `
    subscription WatchSessions($everybody: Boolean!) {
      watchVDISessions(everybody: $everybody) {
        type
        sessions {
          ...SessionFields
        }
      }
    }
  `,
  [sessionFields],
);

export const createSessionMutation = graphql(
  `
    mutation CreateSession($input: CreateVDISessionInput!) {
      createVDISession(input: $input) {
        ...SessionFields
      }
    }
  `,
  [sessionFields],
);

export const suspendSessionMutation = graphql(
  `
    mutation SuspendSession($name: String!, $namespace: String!) {
      suspendVDISession(name: $name, namespace: $namespace) {
        ...SessionFields
      }
    }
  `,
  [sessionFields],
);

export const resumeSessionMutation = graphql(
  `
    mutation ResumeSession($name: String!, $namespace: String!) {
      resumeVDISession(name: $name, namespace: $namespace) {
        ...SessionFields
      }
    }
  `,
  [sessionFields],
);

export const extendSessionMutation = graphql(
  `
    mutation ExtendSession($name: String!, $namespace: String!, $timeout: String!) {
      extendVDISession(name: $name, namespace: $namespace, timeout: $timeout) {
        ...SessionFields
      }
    }
  `,
  [sessionFields],
);

export const deleteSessionMutation = graphql(
  `
    mutation DeleteSession($name: String!, $namespace: String!) {
      deleteVDISession(name: $name, namespace: $namespace) {
        ...SessionFields
      }
    }
  `,
  [sessionFields],
);
