import type { ClipboardContent } from '@vdi/protocol';

export function textContent(text: string): ClipboardContent {
  return { format: 'text', bytes: new TextEncoder().encode(text) };
}

/** What a paste event brings that a desktop can use: text before a picture; a picture takes a moment to read. */
export function pastedContent(data: DataTransfer | null): ClipboardContent | Promise<ClipboardContent> | undefined {
  const text = data?.getData('text/plain') ?? '';
  if (text !== '') return textContent(text);
  const picture = [...(data?.files ?? [])].find(({ type }) => type === 'image/png');
  return picture?.arrayBuffer().then((buffer) => ({ format: 'png', bytes: new Uint8Array(buffer) }));
}
