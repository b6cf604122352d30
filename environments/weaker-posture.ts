/** Where a profile asks for less hardening than the one it was laid over: a namespace left out, a lower level, an exception more. */
import { podSecurityLevels, type Posture } from "./posture.ts";

/** One sentence each. Reasons are not compared: who judges an exception reads them. */
export function hardensLess(builtIn: Posture, ours: Posture): string[] {
  const exceptions = ({ containers }: Posture): string[] =>
    containers.flatMap(({ namespace, workload, container, lacks }) =>
      lacks.map((one) => `${one} of ${namespace}/${workload}, container ${container}`),
    );
  const rights = ({ rights: { accounts } }: Posture): string[] =>
    accounts.flatMap((one) => one.rights.map((right) => `${right} of ${one.namespace}/${one.name}`));
  const idle = ({ rights: { idleTokens } }: Posture): string[] =>
    idleTokens.map(({ namespace, name }) => `${namespace}/${name}`);
  const scan = ({ scanExceptions }: Posture): string[] =>
    scanExceptions.flatMap(({ test, namespace, workload, containers }) => {
      const whole = `${test} of ${namespace}/${workload}`;
      return containers === undefined ? [whole] : containers.map((container) => `${whole}, container ${container}`);
    });
  return [
    ...builtIn.namespaces.flatMap(({ name, level }) => {
      const found = ours.namespaces.find((one) => one.name === name);
      if (found === undefined) return [`posture.namespaces leaves out ${name}`];
      return podSecurityLevels.indexOf(found.level) > podSecurityLevels.indexOf(level)
        ? [`posture.namespaces: ${name} is ${found.level}, not ${level}`]
        : [];
    }),
    ...(ours.logMinutes < builtIn.logMinutes
      ? [`posture.logMinutes is ${ours.logMinutes}, not ${builtIn.logMinutes}`]
      : []),
    ...added("posture.containers", exceptions(ours), exceptions(builtIn)),
    ...added("posture.scanExceptions", scan(ours), scan(builtIn)),
    ...added("posture.rights.accounts", rights(ours), rights(builtIn)),
    ...added("posture.rights.idleTokens", idle(ours), idle(builtIn)),
  ];
}

function added(field: string, ours: readonly string[], builtIn: readonly string[]): string[] {
  const more = ours.filter((one) => !builtIn.includes(one));
  return more.length === 0 ? [] : [`${field} excepts besides: ${more.join("; ")}`];
}
