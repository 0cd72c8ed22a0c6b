namespace RadTex.Reporting;

/// <summary>The style sheet of every page: it follows the reader's light or dark setting, fits a phone and prints.</summary>
internal static class ReportStyle
{
    // Line colours after Okabe and Ito (2008), which the colour-blind can tell apart; lighter on a dark page.
    internal const string Css = """
        :root { color-scheme: light dark; --page: #fff; --text: #1c1e21; --soft: #5f6670; --line: #d8dce1; --panel: #f4f6f8; --note: #fff6dd; --edge: #d9a400;
          --s0: #0072b2; --s1: #c2500a; --s2: #00835f; --s3: #b0568a; --s4: #a87400; --s5: #2b8fc9; --s6: #6b7280; }
        @media (prefers-color-scheme: dark) { :root { --page: #15181c; --text: #e6e8eb; --soft: #a0a8b2; --line: #363c44; --panel: #1e2329; --note: #332b12; --edge: #b98d00;
          --s0: #5db2ec; --s1: #f08a4b; --s2: #3fc79d; --s3: #e29bc4; --s4: #e6b93f; --s5: #8fd0f5; --s6: #a6adb7; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 60rem; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
        h1 { font-size: 1.7rem; line-height: 1.2; margin: .5rem 0; }
        h2 { font-size: 1.25rem; margin: 2.2rem 0 .6rem; padding-top: .6rem; border-top: 1px solid var(--line); }
        p { margin: .6rem 0; max-width: 46rem; white-space: pre-line; }
        .lead { color: var(--soft); font-size: 1.05rem; }
        .note { background: var(--note); border-left: 4px solid var(--edge); padding: .6rem .9rem; max-width: none; }
        .empty { color: var(--soft); font-style: italic; }
        .tiles { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1rem 0; padding: 0; list-style: none; }
        .tiles li { background: var(--panel); border-radius: 8px; padding: .7rem 1rem; flex: 1 1 11rem; }
        .tiles b { display: block; font-size: 1.5rem; line-height: 1.2; }
        .tiles span { color: var(--soft); font-size: .9rem; }
        figure { margin: 1rem 0; }
        figcaption { color: var(--soft); font-size: .92rem; margin-top: .4rem; max-width: 46rem; }
        .scroll { overflow-x: auto; }
        .scroll > svg { display: block; width: 100%; min-width: 34rem; height: auto; }
        svg text { fill: var(--text); font: 13px system-ui, sans-serif; }
        .grid { stroke: var(--line); stroke-width: 1; }
        .axis { stroke: var(--soft); stroke-width: 1; }
        .reference { stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 2 4; }
        .line { fill: none; stroke: var(--c); stroke-width: 2.2; stroke-linejoin: round; }
        .dashed { stroke-dasharray: 7 5; }
        .band { fill: var(--c); opacity: .16; }
        .bar { stroke: var(--c); stroke-width: 2; opacity: .6; }
        .mark { fill: var(--c); stroke: var(--page); stroke-width: 1; }
        .s0 { --c: var(--s0); } .s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); } .s4 { --c: var(--s4); } .s5 { --c: var(--s5); } .s6 { --c: var(--s6); }
        .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; margin: .3rem 0; padding: 0; font-size: .92rem; }
        .legend svg { width: 34px; height: 14px; margin-right: .45rem; vertical-align: -2px; }
        table { border-collapse: collapse; font-size: .94rem; font-variant-numeric: tabular-nums; }
        th, td { padding: .35rem .8rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
        th:first-child, .words th, .words td { text-align: left; }
        table:not(.words) td { white-space: nowrap; }
        thead th { border-bottom: 2px solid var(--soft); }
        tbody th { font-weight: 600; }
        .images { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1.2rem; }
        .images figure { margin: 0; }
        .images img { width: 100%; height: auto; display: block; background: #000; border-radius: 6px; }
        .images dl { margin: .5rem 0 0; font-size: .9rem; }
        .images dt { color: var(--soft); font-weight: 600; }
        .images dd { margin: 0 0 .5rem; white-space: pre-line; overflow-wrap: anywhere; }
        .reading { position: relative; --side: min(20rem, 100%); display: flex; flex-wrap: wrap; gap: 1.2rem; margin: 1.6rem 0; align-items: flex-start; }
        .reading > img { width: var(--side); height: auto; aspect-ratio: 1; background: #000; border-radius: 6px; }
        .reading > div { flex: 1 1 18rem; min-width: 0; }
        .reading h3 { font-size: .95rem; color: var(--soft); margin: .2rem 0; }
        .reading p { margin: 0 0 .8rem; white-space: normal; overflow-wrap: anywhere; }
        .w { border-radius: 3px; } .w[tabindex] { cursor: crosshair; } .w[tabindex]:hover, .w[tabindex]:focus { outline: 2px solid var(--s1); }
        .w img { visibility: hidden; position: absolute; left: 0; top: 0; width: var(--side); aspect-ratio: 1; border-radius: 6px; pointer-events: none; }
        .w:hover img, .w:focus img { visibility: visible; }
        .agree { background: color-mix(in srgb, var(--s2) 28%, transparent); }
        .contradict { background: color-mix(in srgb, var(--s1) 34%, transparent); text-decoration: underline wavy var(--s1); text-underline-offset: 3px; }
        .unmatched { text-decoration: underline dotted var(--s0) 2px; text-underline-offset: 3px; }
        @media print { .w img { display: none; } }
        pre { background: var(--panel); padding: .8rem; border-radius: 6px; overflow-x: auto; font-size: .88rem; }
        @media print { body { max-width: none; font-size: 12px; } figure, tr { break-inside: avoid; } }
        """;
}
