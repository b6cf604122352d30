/** The scorecard's looks: no font, image or colour from elsewhere; light and dark; phone and paper. */
export const scorecardStyle = `
:root {
  color-scheme: light dark;
  --page: #f4f5f7; --card: #ffffff; --ink: #12161c; --muted: #5a6472; --line: #e1e5ea; --track: #e7eaef;
  --pass: #14784a; --fail: #c02435; --unproven: #a15c00; --out: #8792a0;
  --pass-soft: #e4f4eb; --fail-soft: #fdeaec; --unproven-soft: #fdf1de; --out-soft: #eef0f3; --allowed: #cfe9da;
  --hero-go: #0f5e39; --hero-no-go: #96182a; --hero-not-proven: #7f4a00;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #0d1015; --card: #151a21; --ink: #e9edf2; --muted: #98a3b1; --line: #262d37; --track: #2a323d;
    --pass: #4cc38a; --fail: #ff7480; --unproven: #f0ad4e; --out: #7d8896;
    --pass-soft: #10291d; --fail-soft: #331519; --unproven-soft: #30230d; --out-soft: #1c222b; --allowed: #1d4a34;
    --hero-go: #0d4e30; --hero-no-go: #7d1525; --hero-not-proven: #6b3f02;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 4.5rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
a { color: inherit; text-underline-offset: .18em; }
:focus-visible { outline: 3px solid #4c8dff; outline-offset: 2px; border-radius: 4px; }
.wrap { max-width: 68rem; margin: 0 auto; padding: 0 1.5rem; }
.mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .86em; }
.vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.hero { color: #fff; padding: 2.25rem 0 4.75rem; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
.hero.go { background: var(--hero-go); } .hero.no-go { background: var(--hero-no-go); } .hero.not-proven { background: var(--hero-not-proven); }
.hero .name { margin: 0; font-size: .82rem; font-weight: 600; letter-spacing: .09em; text-transform: uppercase; opacity: .85; }
.hero h1 { margin: .15em 0 .1em; font-size: clamp(3rem, 11vw, 5.75rem); line-height: 1; font-weight: 800; letter-spacing: -.035em; }
.hero .sentence { margin: .4rem 0 0; font-size: clamp(1.1rem, 2.6vw, 1.35rem); line-height: 1.4; max-width: 44rem; }
.hero .caution { margin: .9rem 0 0; padding: .5rem .8rem; background: rgb(0 0 0 / .28); border-left: 3px solid #fff; max-width: 44rem; }
.hero .caution summary { display: list-item; list-style: disclosure-closed inside; padding: 0; } .hero .caution[open] summary { list-style-type: disclosure-open; } .hero .caution summary:hover { background: none; text-decoration: underline; }
.hero .caution ul { margin: .5rem 0 0; padding-left: 1.1rem; display: grid; gap: .3rem; }
.facts { display: flex; flex-wrap: wrap; gap: .9rem 2.25rem; margin: 1.6rem 0 0; }
.facts dt { font-size: .72rem; letter-spacing: .06em; text-transform: uppercase; opacity: .78; }
.facts dd { margin: 0; }

.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; }
.tally { margin-top: -3rem; padding: 1.35rem 1.5rem 1.5rem; box-shadow: 0 6px 24px rgb(10 15 25 / .09); }
.tiles { display: grid; grid-template-columns: repeat(5, 1fr); gap: 1rem; margin: 0 0 1.1rem; }
.tiles dt { font-size: .82rem; color: var(--muted); }
.tiles dd { margin: 0; font-size: 2.15rem; line-height: 1.15; font-weight: 700; letter-spacing: -.02em; }
.tiles small { white-space: nowrap; font-size: .82rem; font-weight: 400; letter-spacing: 0; color: var(--muted); }
.fail dd, .ink-fail { color: var(--fail); } .unproven dd, .ink-unproven { color: var(--unproven); } .pass dd, .ink-pass { color: var(--pass); }
.tiles .out small { display: block; margin-top: .1rem; line-height: 1.2; }
.zero dd { color: var(--muted); font-weight: 500; }
.bar { display: flex; gap: 2px; height: 12px; border-radius: 6px; overflow: hidden; background: var(--track); -webkit-print-color-adjust: exact; print-color-adjust: exact; }
.bar i { display: block; min-width: 4px; }
.bar .fail { background: var(--fail); } .bar .unproven { background: var(--unproven); } .bar .pass { background: var(--pass); }
.bar .out { background: repeating-linear-gradient(-45deg, var(--out) 0 2px, transparent 2px 6px); opacity: .65; }
.whys { margin: .8rem 0 0; font-size: .88rem; color: var(--muted); }

h2 { font-size: 1.3rem; line-height: 1.25; letter-spacing: -.012em; margin: 0; }
.areas { margin: 2.5rem 0 0; }
.areas ul { list-style: none; margin: .9rem 0 0; padding: 0; }
.areas .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(16rem, 100%), 1fr)); gap: .75rem; }
.areas .card { display: flex; flex-direction: column; justify-content: space-between; height: 100%; padding: .8rem 1rem .95rem; text-decoration: none; }
.areas .card:hover { border-color: var(--muted); }
.areas b { font-weight: 600; overflow-wrap: break-word; min-width: 0; }
.areas .bar, .area .bar { height: 7px; }
.areas .card p { display: flex; justify-content: space-between; gap: 1rem; margin: 0 0 .5rem; font-size: .92rem; }
.outside { color: var(--muted); font-size: .9rem; } .areas p.outside { margin: 1.1rem 0 0; }
.areas ul.outside { display: flex; flex-wrap: wrap; gap: .15rem 1.1rem; margin: .3rem 0 0; } .outside a { color: var(--ink); text-decoration-color: var(--line); }
.areas span, .area header span { color: var(--muted); font-size: .88rem; white-space: nowrap; }

[data-filter=asked] .areas { display: none; }
.filters { position: sticky; top: 0; z-index: 2; margin: 2.25rem 0 0; padding: .7rem 0; background: var(--page); border: 0; border-bottom: 1px solid var(--line); }
.filters .row { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; }
.filters label { padding: .3rem .8rem; border: 1px solid var(--line); border-radius: 99px; background: var(--card); font-size: .9rem; cursor: pointer; }
.filters label b { font-weight: 600; margin-left: .25rem; }
.filters input { position: absolute; opacity: 0; }
.filters label:has(:checked) { background: var(--ink); color: var(--page); border-color: var(--ink); }
.filters label:has(:focus-visible) { outline: 3px solid #4c8dff; outline-offset: 2px; }
.none { display: none; margin: 2rem 0; color: var(--muted); }

.area { margin: 1.9rem 0 0; }
.area header { display: grid; grid-template-columns: 1fr 12rem; align-items: center; gap: .25rem 1.25rem; margin: 0 0 .7rem; }
.area header div { text-align: right; }
.area header .bar { margin-top: .2rem; }
.list { overflow: hidden; }
.list details + details { border-top: 1px solid var(--line); }
summary { display: grid; grid-template-columns: 7.2rem minmax(0, 1fr) 13.5rem; gap: .2rem 1.1rem; align-items: start; padding: .95rem 1.15rem; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
.must::after { content: ""; display: inline-block; width: .42em; height: .42em; margin-left: .55em; border: solid var(--muted); border-width: 0 1.5px 1.5px 0; transform: translateY(-.18em) rotate(45deg); }
details[open] .must::after { transform: translateY(.04em) rotate(225deg); }
summary:hover { background: color-mix(in srgb, var(--out-soft) 55%, transparent); }
.badge { justify-self: start; margin-top: .1rem; padding: .14rem .55rem; border-radius: 6px; font-size: .72rem; font-weight: 700; letter-spacing: .045em; text-transform: uppercase; white-space: nowrap; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
.badge.fail { background: var(--fail); color: var(--card); } .badge.unproven { background: var(--unproven-soft); color: var(--unproven); box-shadow: inset 0 0 0 1.5px var(--unproven); }
.badge.pass { background: var(--pass-soft); color: var(--pass); } .badge.out { background: var(--out-soft); color: var(--muted); }
.must { margin: 0; font-weight: 600; line-height: 1.4; }
.must strong { font-weight: 800; letter-spacing: .02em; }
.because { margin: .15rem 0 0; color: var(--muted); font-size: .94rem; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden; }
details.fail .because { color: var(--fail); } details.unproven .because { color: var(--unproven); }
details[open] .because { display: block; }
.id { margin: .3rem 0 0; color: var(--muted); }
.measured { text-align: right; }
.measured b { font-size: 1.18rem; font-weight: 700; letter-spacing: -.01em; }
.measured p { margin: 0; line-height: 1.3; } .measured .held { font-size: .82rem; color: var(--muted); }
.gauge { display: block; width: 100%; height: 14px; margin: .35rem 0 .1rem; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
.gauge .track { fill: var(--track); } .gauge .allowed { fill: var(--allowed); } .gauge .limit { fill: var(--ink); }
.gauge.inside .value { fill: var(--pass); } .gauge.outside .value { fill: var(--fail); }
details.out summary { padding-block: .6rem; } details.out .must { font-weight: 400; color: var(--muted); } details.out .id { margin-top: .1rem; }
.more { padding: .2rem 1.15rem 1.25rem calc(1.15rem + 8.3rem); font-size: .92rem; }
.more h3 { margin: 1rem 0 .3rem; font-size: .74rem; letter-spacing: .07em; text-transform: uppercase; color: var(--muted); }
.more ul { margin: 0; padding: 0 0 0 1.1rem; }
.more p { margin: .3rem 0; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; overflow-wrap: normal; }
th, td { text-align: left; vertical-align: top; padding: .38rem .8rem .38rem 0; border-bottom: 1px solid var(--line); }
td { overflow-wrap: anywhere; min-width: 6rem; }
.when { white-space: nowrap; }
th { font-size: .8rem; font-weight: 600; color: var(--muted); }
.picture { margin: .8rem 0 0; } .picture svg { max-width: 100%; height: auto; } .picture figcaption { font-weight: 600; }
footer { margin: 3rem 0 2.5rem; padding-top: 1.1rem; border-top: 1px solid var(--line); color: var(--muted); font-size: .88rem; }

[data-filter=fail] .list details:not(.fail), [data-filter=unproven] .list details:not(.unproven), [data-filter=pass] .list details:not(.pass), [data-filter=out] .list details:not(.out), [data-filter=asked] .list details:not(.asked) { display: none; }
[data-filter=fail] .area:not(:has(details.fail)), [data-filter=unproven] .area:not(:has(details.unproven)), [data-filter=pass] .area:not(:has(details.pass)), [data-filter=out] .area:not(:has(details.out)), [data-filter=asked] .area:not(:has(details.asked)) { display: none; }
[data-filter=fail]:not(:has(details.fail)) .none, [data-filter=unproven]:not(:has(details.unproven)) .none, [data-filter=pass]:not(:has(details.pass)) .none, [data-filter=out]:not(:has(details.out)) .none, [data-filter=asked]:not(:has(details.asked)) .none { display: block; }

@media (max-width: 46rem) {
  .wrap { padding: 0 1rem; }
  .hero { padding: 1.5rem 0 4.25rem; } .facts { gap: .7rem 1.5rem; }
  .tiles { grid-template-columns: repeat(2, 1fr); gap: .7rem 1rem; } .tiles dd { font-size: 1.7rem; }
    .filters { margin-inline: -1rem; padding-inline: 1rem; } .filters .row { flex-wrap: nowrap; overflow-x: auto; } .filters label { white-space: nowrap; }
  .area header { grid-template-columns: 1fr; } .area header div { text-align: left; }
  summary { grid-template-columns: 1fr; padding: .85rem 1rem; } .measured { text-align: left; max-width: 18rem; }
  .more { padding-left: 1rem; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --card: #fff; }
  html { font-size: 11px; } body { font-size: 1rem; } .filters { display: none; } .hero { padding: 1.2rem 0 3.6rem; } .tally { box-shadow: none; }
  .area, details { break-inside: avoid; } .area:has(details:nth-of-type(5)) { break-inside: auto; } .because { display: block; }
}
`;
