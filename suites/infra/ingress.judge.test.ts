import { describe, expect, test } from "vitest";
import type { Route } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { NoAnswer } from "../../probes/http/failure.ts";
import type { Answer } from "../../probes/http/request.ts";
import { judgeHttpRedirected, judgeHttpsRouted, type Control, type Routed } from "./ingress.judge.ts";

const now = new Date("2026-03-01T12:00:00Z");
const host = "health.oke-proof.test";
const backend = { header: "X-Oke-Proof-Backend", value: "health-api" };
const readyz: Route = { host, path: "/readyz", status: 200, backend };
const records: Route = { host, path: "/api/v1/records", status: 401, backend };
const nowhere: Route = { host, path: "/nothing-here", status: 404 };
const [first, second] = ["127.0.0.1:18443", "127.0.0.1:18444"];

function answer(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  const timings = { lookupMs: 0, connectMs: 1, firstByteMs: 2 };
  return { kind: "answered", status, headers, body: "", bodyCut: false, timings };
}

const fromApi = { "x-oke-proof-backend": "health-api" };
const refused: NoAnswer = { kind: "refused", detail: "ECONNREFUSED" };
const silent = unread<never>("GET https://health.oke-proof.test/: no answer within 5000 ms", first, now);
const resolved = read([], "profile", now);

function asked(route: Route, address: string, value: Answer | NoAnswer): Routed {
  return { route, address, reading: read(value, `https://${route.host}${route.path} at ${address}`, now) };
}

function control(address: string, value: Answer | NoAnswer): Control {
  return { address, reading: read(value, `https://nobody.invalid/ at ${address}`, now) };
}

describe("https routed", () => {
  const good = [asked(readyz, first, answer(200, fromApi)), asked(records, second, answer(401, fromApi))];
  const controls = [control(first, answer(404)), control(second, { kind: "reset", detail: "ECONNRESET" })];

  function judge(
    more: {
      routed?: readonly Routed[];
      controls?: readonly Control[];
      authority?: Reading<unknown>;
      addresses?: readonly Reading<unknown>[];
    } = {},
  ) {
    return judgeHttpsRouted({ authority: resolved, addresses: [resolved], routed: good, controls, ...more });
  }

  test("pass: each with its status and backend, and nobody's host with none", () => {
    const verdict = judge();
    expect(verdict).toMatchObject({
      outcome: "pass",
      evidence: [
        { value: 200, limit: "200 with X-Oke-Proof-Backend: health-api", source: expect.any(String) },
        { value: 401 },
      ],
    });
    expect(judge({ routed: [...good, asked(nowhere, first, answer(404))] }).outcome).toBe("pass");
  });

  test.each<[string, Route, Answer | NoAnswer, RegExp]>([
    ["another status", readyz, answer(201, fromApi), /\/readyz at 127\.0\.0\.1:18444: status 201 instead of 200$/],
    ["a broken backend", readyz, answer(500), /status 500 instead of 200, X-Oke-Proof-Backend is absent/],
    [
      "another backend",
      readyz,
      answer(200, { "x-oke-proof-backend": "health-api-2" }),
      /is 'health-api-2', not 'health-api'/,
    ],
    [
      "two backends",
      readyz,
      answer(200, { "x-oke-proof-backend": "health-api, health-api" }),
      /'health-api, health-api'/,
    ],
    ["the right status of nobody", readyz, answer(200), /is absent, not 'health-api'/],
    [
      "a backend where none may be",
      nowhere,
      answer(404, fromApi),
      /answered by health-api, where no backend may answer/,
    ],
    ["a refusing address", readyz, refused, /no answer \(refused: ECONNREFUSED\)/],
    [
      "a certificate of nobody",
      readyz,
      { kind: "tls", detail: "CERT_HAS_EXPIRED" },
      /no answer \(tls: CERT_HAS_EXPIRED\)/,
    ],
  ])("fail: %s at one address of two", (_, route, value, because) => {
    const verdict = judge({ routed: [...good, asked(route, second, value)] });
    expect(verdict).toMatchObject({ outcome: "fail", because: expect.stringMatching(because) });
    expect(verdict.evidence[0]?.source).toContain(route.path);
  });

  test.each<[string, Parameters<typeof judge>[0], RegExp]>([
    [
      "an address that never answers",
      { routed: [...good, { route: readyz, address: first, reading: silent }] },
      /within 5000 ms/,
    ],
    [
      "a control that was not answered in time",
      { controls: [...controls.slice(1), { address: first, reading: silent }] },
      /control could not be asked/,
    ],
    [
      "a control that the backend answers, too",
      { controls: [...controls, control(first, answer(404, fromApi))] },
      /answers a host that does not exist/,
    ],
    ["an address without a control", { controls: controls.slice(1) }, /no control was asked at 127\.0\.0\.1:18443/],
    [
      "no authority",
      { authority: unread("the authority's file x could not be read", "x", now), routed: [], controls: [] },
      /authority's file/,
    ],
    ["an address that does not resolve", { addresses: [unread("no such name", "x", now)] }, /no such name/],
    ["nothing asked", { routed: [], controls: [] }, /nothing was measured/],
  ])("unproven: %s", (_, more, because) => {
    expect(judge(more)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(because) });
  });

  test("fail outweighs unproven", () => {
    const routed = [{ route: readyz, address: first, reading: silent }, asked(readyz, second, answer(503))];
    expect(judge({ routed })).toMatchObject({ outcome: "fail" });
  });
});

describe("http redirected", () => {
  function judge(routed: readonly Routed[], addresses: readonly Reading<unknown>[] = [resolved]) {
    return judgeHttpRedirected({ addresses, routed }, { httpsPorts: [443, 18443] });
  }

  const to = (location: string, status = 301): Answer => answer(status, { location });

  test.each([
    [301, `https://${host}/readyz`],
    [308, `https://${host}/readyz`],
    [301, `https://${host}:443/readyz`],
    [301, `https://${host}:18443/readyz`],
    [301, `https://HEALTH.oke-proof.test/readyz`],
  ])("pass: %i to %s", (status, location) => {
    expect(judge([asked(readyz, first, to(location, status))])).toMatchObject({
      outcome: "pass",
      evidence: [{ value: status }],
    });
  });

  test("pass: the query is kept, too", () => {
    const route = { ...readyz, path: "/a?b=c" };
    expect(judge([asked(route, first, to(`https://${host}/a?b=c`))]).outcome).toBe("pass");
    expect(judge([asked(route, first, to(`https://${host}/a`))]).outcome).toBe("fail");
  });

  test.each<[string, Answer | NoAnswer, RegExp]>([
    ["content", answer(200, fromApi), /status 200 instead of a permanent redirect: content is served in clear text/],
    ["a refusal of the API", answer(401), /status 401 instead of a permanent redirect/],
    ["a temporary redirect", to(`https://${host}/readyz`, 302), /status 302/],
    ["a temporary redirect that keeps the method", to(`https://${host}/readyz`, 307), /status 307/],
    ["no Location", answer(301), /301 without a Location/],
    ["a redirect to itself", to(`http://${host}/readyz`), /redirected to 'http:/],
    ["another host", to("https://elsewhere.test/readyz"), /elsewhere/],
    ["another path", to(`https://${host}/`), /redirected to/],
    ["a port that is none of ours", to(`https://${host}:8443/readyz`), /:8443/],
    ["a relative address", to("/readyz"), /no absolute address/],
    ["rubbish", to("http://[", 308), /no absolute address/],
    ["a refusing address", refused, /no answer \(refused/],
  ])("fail: %s", (_, value, because) => {
    const good = asked(readyz, first, to(`https://${host}/readyz`));
    const verdict = judge([good, asked(readyz, second, value)]);
    expect(verdict).toMatchObject({ outcome: "fail", because: expect.stringMatching(because) });
    expect(verdict.because).toMatch(/^health\.oke-proof\.test\/readyz at 127\.0\.0\.1:18444: /);
  });

  test("unproven: an address that never answers, one that does not resolve, nothing asked", () => {
    const good = asked(readyz, first, to(`https://${host}/readyz`));
    expect(judge([good, { route: readyz, address: second, reading: silent }])).toMatchObject({ outcome: "unproven" });
    expect(judge([good], [unread("no such name", "x", now)])).toMatchObject({
      outcome: "unproven",
      because: "no such name",
    });
    expect(judge([])).toMatchObject({ outcome: "unproven" });
  });
});
