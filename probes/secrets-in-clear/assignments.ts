/** Values that stand under the name of a secret: "DATABASE_PASSWORD: …", "token=…". Known formats of keys and tokens are the scanner's. */

/** How much a place tells of itself: in configuration each named literal counts, in code and prose only one that looks random. */
export type Sensitivity = "configuration" | "prose";

/** What was found; never the value itself. `name` is what it stood under. */
export type Assignment = { readonly name: string; readonly value: string };

const noun = String.raw`(?:pass(?:word|wd|phrase)|secret|token|api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|credentials?)`;
const endsWithNoun = new RegExp(`${noun}$`, "i");
// Not psql's variables: PASSWORD :'owner_password'.
const assigned = new RegExp(
  String.raw`([A-Za-z0-9_.-]{0,80}${noun})["']?(?!\s+:')\s{0,3}[:=]\s{0,3}(?:"([^"\n]{1,400})"|'([^'\n]{1,400})'|([^\s"',;&|)}\]<>]{1,400}))`,
  "gi",
);

const lengthMin = 6;
const proseLengthMin = 12;
const proseBitsMin = 3;

/** Whether a value under a name is a secret in clear: something that is there, and no reference to where it stands. */
export function isSecret(name: string, value: string, how: Sensitivity): boolean {
  if (!endsWithNoun.test(name)) return false;
  const text = value.trim();
  if (text.length < lengthMin || refersElsewhere(text)) return false;
  // The name of a Secret, as charts and controllers say it: "secret: postgres-todo", "sealed-secret=todo-chatbot/settings".
  if (/secret$/i.test(name) && /^[a-z0-9][a-z0-9.-]*(\/[a-z0-9][a-z0-9.-]*)?$/.test(text))
    return text.split("/").some(looksRandom);
  return how === "configuration" || looksRandom(text);
}

/** All assignments of secrets in a text. */
export function assignmentsIn(text: string, how: Sensitivity): Assignment[] {
  return [...text.matchAll(assigned)].flatMap(([, name = "", double, single, bare]) => {
    const value = double ?? single ?? bare ?? "";
    return isSecret(name, value, how) ? [{ name, value }] : [];
  });
}

/** Paths, templates, variables, calls, types, words for "none", URLs without a password, and what is sealed. */
function refersElsewhere(text: string): boolean {
  return (
    /^[./~]/.test(text) ||
    /\$[({A-Za-z_:]|\{\{|^<|^%|^:'|\*{3,}|\[(redacted|masked)/i.test(text) ||
    /^(true|false|null|none|undefined|required|optional|yes|no|string|unknown|redacted|\d+(ms|s|m|h|d)?)[;,.]?$/i.test(
      text,
    ) ||
    /^https?:\/\/[^@\s]*$/.test(text) ||
    // An expression of code: a call, a member, a type.
    /^[A-Za-z_][\w.]*[([<?!]|^(await|new|typeof|readonly)\b/.test(text) ||
    /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)+$/.test(text) ||
    // Sealed Secrets' own format.
    /^Ag[A-D][A-Za-z0-9+/]{200,}/.test(text)
  );
}

/** Letters and digits, of at least three bits a character: not a word, and not a name made of words. */
function looksRandom(text: string): boolean {
  if (text.length < proseLengthMin || /\s/.test(text)) return false;
  if (!/[A-Za-z]/.test(text) || !/\d/.test(text)) return false;
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  const bits = [...counts.values()].reduce((sum, count) => {
    const share = count / text.length;
    return sum - share * Math.log2(share);
  }, 0);
  return bits >= proseBitsMin;
}
