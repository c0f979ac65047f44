import type { Server } from './call.ts';

/** Answers by verb, resource and code, in the names of upstream. */
export class RequestCounts {
  readonly #counts = new Map<string, number>();

  add(labels: {
    readonly verb: string;
    readonly group: string;
    readonly resource: string;
    readonly code: number;
  }): void {
    const { verb, group, resource, code } = labels;
    const key = `verb="${verb}",group="${group}",resource="${resource}",code="${code}"`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  lines(): readonly string[] {
    return [...this.#counts].map(([labels, count]) => `apiserver_request_total{${labels}} ${count}`);
  }
}

/** The Prometheus text format. */
export function metricsText({ registry, counts, watchers }: Server): string {
  const { log, catalog } = registry;
  return [
    '# HELP apiserver_request_total Answered requests.',
    '# TYPE apiserver_request_total counter',
    ...counts.lines(),
    '# HELP apiserver_registered_watchers Open watches.',
    '# TYPE apiserver_registered_watchers gauge',
    `apiserver_registered_watchers ${watchers.size}`,
    '# HELP vdi_apiserver_revision The newest revision of the log.',
    '# TYPE vdi_apiserver_revision counter',
    `vdi_apiserver_revision ${log.revision}`,
    '# HELP vdi_apiserver_compacted_revision The oldest revision from which changes can be told.',
    '# TYPE vdi_apiserver_compacted_revision counter',
    `vdi_apiserver_compacted_revision ${log.compactedRevision}`,
    '# HELP vdi_apiserver_resources Served resources.',
    '# TYPE vdi_apiserver_resources gauge',
    `vdi_apiserver_resources ${catalog.all.length}`,
    '',
  ].join('\n');
}
