import type Docker from 'dockerode';

/** Gives an image another name. */
export async function pointTag(docker: Docker, reference: string, repo: string, tag: string): Promise<void> {
  await docker.getImage(reference).tag({ repo, tag });
}

/** Removes the older builds of a repository, except those that containers use. */
export async function removeSuperseded(docker: Docker, repository: string, kept: readonly string[]): Promise<void> {
  const images = await docker.listImages({ filters: { reference: [repository] } });
  const tags = images.flatMap(({ RepoTags }) => RepoTags ?? []);
  for (const tag of tags.filter((tag) => tag.startsWith(`${repository}:`) && !kept.includes(tag))) {
    try {
      await docker.getImage(tag).remove({ force: false });
    } catch (error) {
      // 409: a container uses it, so it stays until a later build. 404: somebody was quicker.
      const { statusCode = 0 } = error as { readonly statusCode?: number };
      if (![404, 409].includes(statusCode)) throw error;
    }
  }
}
