namespace RadTex.Reporting;

/// <summary>The style sheet of every page: it follows the reader's light or dark setting, fits a phone and prints.</summary>
internal static class ReportStyle
{
    // Line colours after Okabe and Ito (2008), which the colour-blind can tell apart; lighter on a dark page.
    internal static readonly string Css = $$"""
        :root { color-scheme: light dark; --page: #fff; --text: #1c1e21; --soft: #5f6670; --line: #d8dce1; --panel: #f4f6f8; --note: #fff6dd;
          --edge: #d9a400; --shade: #1c1e2159;
          --s0: #0072b2; --s1: #c2500a; --s2: #00835f; --s3: #b0568a; --s4: #a87400; --s5: #2b8fc9; --s6: #6b7280; }
        @media (prefers-color-scheme: dark) { :root { --page: #15181c; --text: #e6e8eb; --soft: #a0a8b2; --line: #363c44; --panel: #1e2329;
          --note: #332b12; --edge: #b98d00; --shade: #e6e8eb59;
          --s0: #5db2ec; --s1: #f08a4b; --s2: #3fc79d; --s3: #e29bc4; --s4: #e6b93f; --s5: #8fd0f5; --s6: #a6adb7; } }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        ul { padding-left: 1.4rem; }
        body { margin: 0; padding: 1.5rem 1rem 4rem; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif;
          overflow-wrap: break-word; }
        /* Text keeps to a readable column in the middle; tables and panels may take the whole window. */
        main { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 60rem) minmax(0, 1fr); }
        main > * { grid-column: 2; min-width: 0; }
        main > .table, main > .panels { grid-column: 1 / -1; justify-self: center; width: fit-content; min-width: min(60rem, 100%); max-width: 100%; }
        main > .panels { width: min(108rem, 100%); }
        a { color: var(--s0); }
        :focus-visible { outline: 3px solid var(--s1); outline-offset: 2px; }
        h1 { font-size: 1.7rem; line-height: 1.2; margin: .5rem 0; }
        h2 { font-size: 1.25rem; margin: 1.8rem 0 .3rem; padding-top: .6rem; border-top: 1px solid var(--line); }
        h3 { font-size: 1.05rem; margin: 1.4rem 0 .2rem; }
        p { margin: .5rem 0; max-width: 46rem; white-space: pre-line; }
        .lead { color: var(--soft); font-size: 1.05rem; }
        .note { background: var(--note); border-left: 4px solid var(--edge); padding: .6rem .9rem; max-width: none; }
        .verdict { background: var(--panel); border-left: 4px solid var(--s0); padding: .6rem .9rem; max-width: none; }
        .verdict span { color: var(--soft); }
        .verdict strong { font-size: 1.08rem; }
        .contents { margin: .8rem 0 0; padding: .5rem .9rem; border: 1px solid var(--line); border-radius: 8px; }
        .contents summary { color: var(--soft); font-size: .95rem; font-weight: 600; cursor: pointer; }
        .contents ul { margin: .2rem 0; padding: 0; list-style: none; columns: 17rem; column-gap: 2rem; }
        .contents li { padding: .15rem 0; break-inside: avoid; }
        .contents .part { padding-left: 1.2rem; }
        .head { font-size: .95rem; font-weight: 600; color: var(--soft); margin: .2rem 0; }
        .empty { color: var(--soft); font-style: italic; }
        .tiles { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1rem 0; padding: 0; list-style: none; }
        .tiles li { background: var(--panel); border-radius: 8px; padding: .7rem 1rem; flex: 1 1 11rem; min-width: 0; overflow-wrap: anywhere; }
        .tiles b { display: block; font-size: 1.5rem; line-height: 1.2; }
        .tiles span { color: var(--soft); font-size: .9rem; }
        figure { margin: 1rem 0; }
        figcaption { color: var(--soft); font-size: .92rem; margin-top: .4rem; max-width: 46rem; }
        /* What scrolls says so: a shadow lies on each side that has more, and where the browser can tell, a line of text says it as well. */
        .scroll { overflow-x: auto; scrollbar-width: thin; background: linear-gradient(to right, var(--page) 40%, transparent) left / 3rem 100%,
          linear-gradient(to left, var(--page) 40%, transparent) right / 3rem 100%, linear-gradient(to right, var(--shade),
          transparent) left / 1.2rem 100%,
          linear-gradient(to left, var(--shade), transparent) right / 1.2rem 100%; background-repeat: no-repeat; background-attachment: local,
          local, scroll, scroll; }
        @supports (animation-timeline: scroll()) and (timeline-scope: --sideways) {
          figure:has(.scroll), .panels > div > div { timeline-scope: --sideways; }
          .scroll { scroll-timeline: --sideways inline; }
          .table::before, figure:has(> .chart)::before, .panels > div > div::before { content: "Wider than the page: scroll sideways \2192";
            display: block; max-height: 0; overflow: hidden; color: var(--soft); font-size: .9rem;
            animation: sideways linear both; animation-timeline: --sideways; }
          @keyframes sideways { from, to { max-height: 3rem; } }
        }
        .chart > svg { display: block; width: 100%; min-width: 34rem; max-width: 50rem; height: auto; }
        .panels > div { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(34rem, 100%), 1fr)); gap: 1.2rem 2rem; }
        .panels > div > div { min-width: 0; }
        .panel { font-weight: 600; margin: 0; }
        svg text { fill: var(--text); font: 13px system-ui, sans-serif; }
        .grid { stroke: var(--line); stroke-width: 1; }
        .axis { stroke: var(--soft); stroke-width: 1; }
        .reference { stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 2 4; }
        .line { fill: none; stroke: var(--c); stroke-width: 2.2; stroke-linejoin: round; }
        .dashed { stroke-dasharray: 7 5; }
        .band { fill: var(--c); opacity: .16; }
        .bar { fill: none; stroke: var(--c); stroke-width: 1.5; opacity: .75; }
        .mark { fill: var(--c); stroke: var(--page); stroke-width: 1; }
        .s0 { --c: var(--s0); } .s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); } .s4 { --c: var(--s4); }
          .s5 { --c: var(--s5); } .s6 { --c: var(--s6); }
        .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; margin: .3rem 0; padding: 0; font-size: .92rem;
          overflow-wrap: anywhere; }
        .legend svg { width: 34px; height: 14px; margin-right: .45rem; vertical-align: -2px; }
        table { border-collapse: collapse; font-size: .94rem; font-variant-numeric: tabular-nums; }
        th, td { padding: .35rem .5rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
        tbody th, .words th, .words td { text-align: left; }
        td { white-space: nowrap; }
        .words td { white-space: pre-line; min-width: 7rem; max-width: 40rem; overflow-wrap: anywhere; }
        .long { white-space: normal; min-width: 7rem; max-width: 24rem; }
        td:has(.interval) { white-space: normal; }
        td > span { white-space: nowrap; }
        .interval { color: var(--soft); font-size: .88em; }
        .first { border-left: 1px solid var(--line); }
        [scope="colgroup"] { text-align: center; }
        tbody th, thead td:first-child, thead th:first-child { position: sticky; left: 0; background: var(--page); text-align: left;
          min-width: min(13rem, 34vw); max-width: min(24rem, 45vw); overflow-wrap: break-word; }
        thead th { border-bottom: 2px solid var(--soft); }
        tbody th { font-weight: 600; }
        .images { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1.2rem; }
        .images figure { margin: 0; }
        .images img { width: 100%; height: auto; display: block; background: #000; border-radius: 6px; }
        .images dl { margin: .5rem 0 0; font-size: .9rem; }
        .images dt { color: var(--soft); font-weight: 600; }
        .images dd { margin: 0 0 .5rem; white-space: pre-line; overflow-wrap: anywhere; }
        .reading { position: relative; container-type: inline-size; display: flex; flex-wrap: wrap; gap: 1.2rem; margin: 1.2rem 0;
          align-items: flex-start; }
        .reading > * { --side: min(20rem, 100cqw); }
        .reading > figure { width: var(--side); margin: 0; }
        .reading > figure > img { display: block; width: var(--side); height: auto; aspect-ratio: 1; background: #000; border-radius: 6px; }
        .reading > div { flex: 1 1 18rem; min-width: 0; }
        .reading p { margin: 0 0 .8rem; white-space: normal; overflow-wrap: anywhere; }
        .reading .scale { display: flex; gap: .5rem; align-items: center; height: 1.5rem; margin: .4rem 0 0; font-size: .85rem;
          background: var(--page); color: var(--text); }
        .scale i { flex: 1; height: .9rem; background: linear-gradient(to right, {{MapPicture.Gradient()}}), #555; }
        .scale::before { content: "0"; }
        .scale::after { content: attr(data-most); min-width: 3.2rem; }
        .w { border-radius: 3px; } .w[tabindex] { cursor: crosshair; } .w[tabindex]:hover, .w[tabindex]:focus { outline: 2px solid var(--s1); }
        .w img, .w .scale { visibility: hidden; position: absolute; left: 0; top: 0; width: var(--side); pointer-events: none; }
        .w img { aspect-ratio: 1; border-radius: 6px; }
        .w .scale { top: var(--side); }
        .w:hover img, .w:focus img, .w:hover .scale, .w:focus .scale { visibility: visible; }
        .agree { background: color-mix(in srgb, var(--s2) 28%, transparent); }
        .contradict { background: color-mix(in srgb, var(--s1) 34%, transparent); text-decoration: underline wavy var(--s1);
          text-underline-offset: 3px; }
        .unmatched { text-decoration: underline dotted var(--s0) 2px; text-underline-offset: 3px; }
        @media print { .w img, .w .scale { display: none; } }
        pre { background: var(--panel); padding: .8rem; border-radius: 6px; overflow-x: auto; font-size: .88rem; }
        @media print { body { font-size: 12px; } main { display: block; } .scroll { overflow: visible; background: none; }
          figure:not(.table), tr { break-inside: avoid; } }
        """;
}
