/** The names of the files in a tar archive: which objects a backup really holds. */

const block = 512;
const entriesMax = 200_000;

/**
 * Names of the regular files of a POSIX tar archive (ustar, GNU long names, pax paths), as Go's archive/tar writes them.
 * @throws Error where it is no tar archive, or breaks off
 */
export function tarFileNames(archive: Buffer): readonly string[] {
  const names: string[] = [];
  let offset = 0;
  let longName: string | undefined;
  while (offset + block <= archive.length) {
    const header = archive.subarray(offset, offset + block);
    if (header.every((byte) => byte === 0)) return names;
    if (!isSound(header)) throw new Error(`no tar header at byte ${offset}`);
    const size = octal(header, 124, 12);
    const content = archive.subarray(offset + block, offset + block + size);
    if (content.length < size) throw new Error(`the archive breaks off at byte ${archive.length}`);
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === "L") longName = text(content, 0, size);
    else if (type === "x") longName = paxPath(content.toString("utf8")) ?? longName;
    else {
      if (type === "0" || type === "\0") names.push(longName ?? shortName(header));
      longName = undefined;
    }
    if (names.length > entriesMax) throw new Error(`the archive has more than ${entriesMax} files`);
    offset += block + Math.ceil(size / block) * block;
  }
  throw new Error("the archive has no end");
}

/** The checksum of a header counts its own eight bytes as spaces. */
function isSound(header: Buffer): boolean {
  let sum = 0;
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 0x20 : byte;
  return sum === octal(header, 148, 8);
}

function octal(header: Buffer, start: number, length: number): number {
  const digits = text(header, start, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : 0;
}

function text(bytes: Buffer, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.subarray(0, end === -1 ? field.length : end).toString("utf8");
}

function shortName(header: Buffer): string {
  const prefix = text(header, 345, 155);
  const name = text(header, 0, 100);
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** A record of pax is "LENGTH KEY=VALUE\n". */
function paxPath(records: string): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(records)?.[1];
}
