/** What makes a piece of SVG something else than it was meant to be; for tests of drawings. */

const attribute = String.raw`\s+[a-zA-Z:-]+="[^"<>&]*(?:&(?:amp|lt|gt|quot|#39);[^"<>&]*)*"`;
const tags = new RegExp(String.raw`<(/?)([a-zA-Z]+)((?:${attribute})*)\s*(/?)>`, "g");
/** What a drawing is made of here. Anything else in it came from elsewhere. */
const known: readonly string[] = ["svg", "g", "path", "rect", "circle", "text", "tspan"];

/**
 * One line a fault: a tag that is not closed or not known, text that is not escaped, a number that is none, an address to be loaded.
 * @param svg one drawing
 */
export function faultsOf(svg: string): string[] {
  const faults: string[] = [];
  const open: string[] = [];
  for (const [tag, closes, name = "", , isEmpty] of svg.matchAll(tags)) {
    if (!known.includes(name)) faults.push(`<${name}> is not known`);
    if (closes === "/" && open.pop() !== name) faults.push(`${tag} closes nothing`);
    if (closes === "" && isEmpty === "") open.push(name);
    const broken = /="[^"]*(NaN|undefined|null|Infinity)/.exec(tag)?.[0];
    if (broken !== undefined) faults.push(`${tag.slice(0, 80)} has ${broken.slice(-9)}`);
  }
  const text = svg.replaceAll(tags, "");
  const loose = /[<>]|&(?!(?:amp|lt|gt|quot|#39);)/.exec(text);
  if (loose !== null) faults.push(`not escaped: ${text.slice(Math.max(loose.index - 20, 0), loose.index + 40)}`);
  if (/https?:|url\(|javascript:|\bon[a-z]+=/.test(svg)) faults.push("something to be loaded or run");
  return [...faults, ...open.map((name) => `<${name}> is not closed`)];
}
