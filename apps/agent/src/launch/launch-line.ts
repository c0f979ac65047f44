/**
 * A command as one line of text, for `read` and `printf %b` of any POSIX shell: words with a space between them, and all
 * but harmless characters as `\0` and three octal digits. An empty word is `\c`, at which printf stops.
 */
export function launchLine(command: readonly string[]): string {
  return `${command.map(escapedWord).join(' ')}\n`;
}

const harmless = /^[A-Za-z0-9_./:=@%+,-]$/;

function escapedWord(word: string): string {
  if (word === '') return String.raw`\c`;
  return Array.from(Buffer.from(word, 'utf8'), (byte) => {
    const character = String.fromCharCode(byte);
    return harmless.test(character) ? character : String.raw`\0` + byte.toString(8).padStart(3, '0');
  }).join('');
}
