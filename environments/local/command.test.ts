import { describe, expect, it } from "vitest";
import { CommandError, lastLines, run } from "./command.ts";

const soon = { timeoutMs: 10_000 };

async function failureOf(work: Promise<unknown>): Promise<CommandError> {
  const failure = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof CommandError)) throw new Error(`not a CommandError: ${String(failure)}`);
  return failure;
}

describe("run", () => {
  it("gives both streams and takes input", async () => {
    const found = await run("sh", ["-c", "cat; echo bad >&2"], { ...soon, input: "in" });
    expect(found).toEqual({ code: 0, stdout: "in", stderr: "bad\n" });
  });

  it("takes an exit code that is an answer", async () => {
    expect((await run("sh", ["-c", "exit 3"], { ...soon, accept: [3] })).code).toBe(3);
  });

  it("names the command, the code and the last lines of any other", async () => {
    const failure = await failureOf(run("sh", ["-c", "echo out; echo why >&2; exit 4"], soon));
    expect(failure.code).toBe(4);
    expect(failure.message).toMatch(/^sh -c echo out.*: exit code 4\n {2}out\n {2}why$/s);
  });

  it("says that a program is not there, with the cause", async () => {
    const failure = await failureOf(run("oke-proof-no-such-program", [], soon));
    expect(failure.message).toContain("could not be started");
    expect(failure.cause).toBeInstanceOf(Error);
  });

  it("ends the whole process group when the time is up", async () => {
    const started = performance.now();
    const failure = await failureOf(run("sh", ["-c", "sleep 30 & sleep 30"], { timeoutMs: 200 }));
    expect(failure.message).toContain("not done within");
    expect(performance.now() - started).toBeLessThan(8000);
  });

  it("ends it on an abort, and starts nothing after one", async () => {
    const stop = new AbortController();
    const work = failureOf(run("sleep", ["30"], { ...soon, signal: stop.signal }));
    stop.abort(new Error("SIGINT"));
    expect((await work).message).toContain("interrupted");
    await expect(run("true", [], { ...soon, signal: stop.signal })).rejects.toThrow("SIGINT");
  });
});

describe("lastLines", () => {
  it("drops empty lines and keeps the end", () => {
    expect(lastLines("a\n\nb\nc\n", 2)).toBe("b\n  c");
  });
});
