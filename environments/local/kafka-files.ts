/** Kafka: jars by Maven from a committed list, on a Java runtime cut down to the modules that they use. */
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { keyOf, output } from "./cache.ts";
import { run } from "./command.ts";
import { toolchainDirectory } from "./paths.ts";

const pom = join(toolchainDirectory, "kafka", "pom.xml");
/** java.desktop is for the logging library, which reads its configuration as JavaBeans. */
const modules = [
  ..."java.base,java.logging,java.management,java.naming,java.xml,java.sql,java.security.jgss,java.security.sasl".split(
    ",",
  ),
  ..."jdk.unsupported,jdk.crypto.ec,jdk.management,jdk.zipfs,java.desktop".split(","),
];
const logging = `log4j.rootLogger=INFO, stdout
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=%d{ISO8601} %p %m (%c)%n
`;
const buildMsMax = 600_000;

/** The jars and the runtime, made once. */
async function made(signal: AbortSignal): Promise<string> {
  const key = keyOf([await readFile(pom), ...modules, process.arch]);
  return output("kafka", key, async (folder) => {
    await cp(pom, join(folder, "pom.xml"));
    const options = { cwd: folder, signal, timeoutMs: buildMsMax };
    const where = `-DoutputDirectory=${join(folder, "libs")}`;
    await run("mvn", ["-q", "-B", "dependency:copy-dependencies", where, "-DincludeScope=runtime"], options);
    const slim = ["--strip-debug", "--no-header-files", "--no-man-pages", "--compress=2"];
    await run("jlink", ["--add-modules", modules.join(","), ...slim, "--output", join(folder, "java")], options);
  });
}

/** The files of Kafka's image, at the paths of the image that Kafka's makers publish: one command starts either. */
export const kafkaFiles = {
  key: async (): Promise<string> => keyOf([await readFile(pom), ...modules, logging]),
  fill: async (root: string, signal: AbortSignal): Promise<void> => {
    const folder = await made(signal);
    await mkdir(join(root, "opt/kafka/config"), { recursive: true });
    await mkdir(join(root, "opt/java"), { recursive: true });
    await cp(join(folder, "libs"), join(root, "opt/kafka/libs"), { recursive: true });
    await cp(join(folder, "java"), join(root, "opt/java/openjdk"), { recursive: true, verbatimSymlinks: true });
    await writeFile(join(root, "opt/kafka/config/log4j.properties"), logging);
  },
};
