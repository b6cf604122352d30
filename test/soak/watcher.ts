/** A soak in a process of its own, to be killed: `node watcher.ts FILE`. It goes on with the record of that file until its window is over. */
import { readRecord, resumeRecord } from "../../harness/soak/record.ts";
import { wallClock, watch } from "../../harness/soak/watch.ts";

const [file = ""] = process.argv.slice(2);
const record = readRecord(file, new Date());
if (!record.ok) throw new Error(record.why);
const { plan, looks } = record.value;
await watch({
  plan,
  looks,
  writer: resumeRecord(file, record.value),
  look: async () => ({ ingress: { state: "answered", because: "it did" }, traffic: { ok: false, why: "not asked" } }),
  enough: () => undefined,
  clock: wallClock,
  signal: new AbortController().signal,
});
