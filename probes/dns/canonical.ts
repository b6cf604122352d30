/** One spelling for each address and name, so that they can be compared as text. */
import { isIPv6 } from "node:net";

/** An IPv6 address in its canonical spelling; any other text in lower case and without its last dot. */
export function canonical(text: string): string {
  const lower = text.toLowerCase().replace(/\.$/, "");
  return isIPv6(lower) && URL.canParse(`http://[${lower}]`)
    ? new URL(`http://[${lower}]`).hostname.slice(1, -1)
    : lower;
}
