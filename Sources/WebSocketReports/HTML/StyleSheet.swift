import WebSocketInspection

/// The style of the page: in light and dark, in a wide window, on a phone and on paper.
///
/// The colours of the opcodes are those of Okabe and Ito, which people with colour blindness can distinguish; every
/// box has a letter as well. Text has a contrast of at least 4.5 to 1 to its background.
enum StyleSheet {
    static let text: StaticString = """

        :root {
          --paper: #fdfcf9; --panel: #f4f1ea; --ink: #1c1b19; --quiet: #66625a; --line: #dcd7cc;
          --fault: #a8201a; --doubt: #7d5200; --good: #1f6b3b; --mark: #ffd9d2; --link: #1b5287;
          --sans: system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif;
          --serif: Charter, "Iowan Old Style", "Palatino Linotype", Georgia, "Noto Serif", serif;
          --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
          color-scheme: light dark;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #161719; --panel: #1f2124; --ink: #e7e4dd; --quiet: #a19d94; --line: #383a3e;
            --fault: #ff8f80; --doubt: #e6ba62; --good: #82cf9c; --mark: #6b231c; --link: #8fc1f0;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body {
          margin: 0 auto; max-width: 76rem; padding: 3rem 1.5rem 4rem;
          background: var(--paper); color: var(--ink); font: 1rem/1.5 var(--sans); overflow-wrap: anywhere;
        }
        h1, h2, h3, h4, h5, p, ul, dl, blockquote, pre, table { margin: 0; padding: 0; }
        h1 { font: 600 2.75rem/1.1 var(--serif); letter-spacing: -.015em; }
        h2 { font: 600 1.5rem/1.25 var(--serif); margin: 3.5rem 0 1rem; }
        h3 { font-size: 1.125rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
        h4 { font-size: .95rem; margin: 1.75rem 0 .5rem; }
        h5 { font-size: .875rem; margin: 1rem 0 .25rem; }
        a { color: var(--link); text-underline-offset: .15em; }
        p, blockquote, main ul, dd { max-width: 50rem; }
        p + p { margin-top: .5rem; }
        ul { padding-left: 1.1rem; }
        li { margin: .15rem 0; }
        .fault { color: var(--fault); } .doubt { color: var(--doubt); } .good { color: var(--good); }
        .quiet, .place, .label, .key, .left, .legend, footer { color: var(--quiet); }
        .label, .key, .left, .legend, .place { font-size: .8125rem; }
        .place { font-weight: 400; }
        mark { background: var(--mark); color: inherit; font-weight: 700; outline: 1px solid var(--fault); }

        .top { border-bottom: 2px solid var(--ink); padding-bottom: 1.5rem; }
        .top .label { text-transform: uppercase; letter-spacing: .08em; margin-bottom: .5rem; }
        .figures { list-style: none; padding: 0; margin-top: 1.25rem; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; }
        .figures b { font-variant-numeric: tabular-nums; }
        .lead { margin-top: .75rem; }
        body > footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .8125rem; }

        article { border-top: 1px solid var(--line); padding: 1rem 0; }
        article:has(> details[open]) { padding-bottom: 2.5rem; }
        h2 + article { border-top: 0; padding-top: 0; }
        .start { scroll-margin-top: 4rem; }
        .flag { scroll-margin-top: 6rem; }
        .flag:target { outline: 2px solid var(--fault); }
        .verdict { font-size: .875rem; font-weight: 600; }
        h3 .verdict { margin-left: .5rem; }
        .target { font-family: var(--mono); font-size: .875rem; color: var(--quiet); }
        .facts { display: grid; gap: .15rem; margin: .75rem 0; font-size: .875rem; }
        .facts > div { display: grid; grid-template-columns: 7rem 1fr; }
        .facts dt { color: var(--quiet); }
        .facts dd { margin: 0; font-variant-numeric: tabular-nums; }
        .streams { list-style: none; padding: 0; font-variant-numeric: tabular-nums; }

        .wide { overflow-x: auto; }
        .wide:focus-visible, a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
        table { border-collapse: collapse; font-size: .8125rem; font-variant-numeric: tabular-nums; }
        th, td { text-align: left; vertical-align: baseline; padding: .25rem .75rem .25rem 0; white-space: nowrap; }
        thead th { color: var(--quiet); font-weight: 500; border-bottom: 1px solid var(--line); }
        tbody td { border-bottom: 1px solid var(--line); }
        .n { text-align: right; }
        .m { font-family: var(--mono); font-size: .75rem; white-space: pre; }
        .break { white-space: normal; min-width: 10rem; font-family: var(--mono); font-size: .75rem; }
        .list { width: 100%; }
        .list .input th { padding-top: 1rem; border-bottom: 1px solid var(--line); font-weight: 600; white-space: normal; }
        .list thead th:nth-child(n+4):nth-child(-n+7) { text-align: right; }
        .list td:first-child { white-space: normal; min-width: 11rem; } .list td.end { white-space: normal; min-width: 7rem; }
        .list td a { text-decoration: none; } .list .unit { display: none; }
        .clean { margin-top: 1rem; } .measured { color: var(--quiet); font-size: .9375rem; margin: .5rem 0; }
        .messages > details { margin: .25rem 0 .25rem 1rem; font-size: .9375rem; }
        .messages > details > summary { margin-top: 0; }
        .whole { font: .8125rem/1.6 var(--mono); white-space: pre-wrap; background: var(--panel); padding: .75rem 1rem; margin: .25rem 0 .75rem; }
        .lead { font-size: .9375rem; }
        tr.bad td { background: var(--mark); white-space: normal; padding-left: .5rem; }
        tr.bad a { color: var(--fault); font-weight: 600; }
        tr:target td { background: var(--panel); }
        tr.left td { text-align: center; padding: .5rem; }

        .legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; margin-bottom: .25rem; }
        .legend + .key { margin: 0 0 .75rem; }
        .scale { display: inline-flex; gap: .35rem; align-items: center; margin-left: auto; }
        .strip {
          display: flex; flex-wrap: wrap; align-items: flex-start; gap: 12px 1px;
          padding: 2px 0;
          background: repeating-linear-gradient(transparent 0 11px, var(--line) 11px 12px, transparent 12px 35px,
            var(--line) 35px 36px, transparent 36px 56px);
        }
        .strip.single {
          background: repeating-linear-gradient(transparent 0 11px, var(--line) 11px 12px, transparent 12px 32px);
        }
        .f {
          display: inline-block; height: 20px; min-width: 10px; max-width: 100%; overflow: hidden; text-align: center;
          font: 600 11px/18px var(--sans); text-decoration: none; border: 1px solid rgb(0 0 0 / .45); border-radius: 2px;
          color: #111; background: #b9b5ac; print-color-adjust: exact; -webkit-print-color-adjust: exact;
        }
        .strip .c { margin-bottom: 24px; } .strip .s { margin-top: 24px; } .strip.single > * { margin: 0; }
        td .f, .legend .f { width: 16px; height: 16px; line-height: 14px; font-size: 10px; vertical-align: -2px; }
        .text { background: #0072b2; color: #fff; } .binary { background: #e69f00; } .continuation { background: #cc79a7; }
        .ping { background: #7cc7f0; } .pong { background: #1fae86; } .close { background: #2b2a28; color: #fff; }
        .f.more { border-right: 3px dotted var(--ink); }
        .f.cut { border-right: 3px dashed var(--ink); }
        .f.bad { outline: 2px solid var(--fault); outline-offset: 1px; margin-left: 3px; margin-right: 3px; }
        .flag {
          height: 20px; line-height: 20px; padding: 0 .4rem; margin-left: 2px; font-size: .75rem; font-weight: 600;
          white-space: nowrap; color: var(--fault); background: var(--paper);
        }
        .lanes, .pause { height: 44px; background: var(--paper); font-size: .6875rem; color: var(--quiet); }
        .lanes b { display: block; font-weight: 500; line-height: 20px; padding-right: .5rem; }
        .lanes b + b { margin-top: 4px; }
        .pause { line-height: 44px; padding: 0 .5rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
        .single .pause { height: 20px; line-height: 20px; }
        @media (prefers-color-scheme: dark) {
          .f { border-color: rgb(255 255 255 / .35); }
          .drawing .data { stroke: #2f8fd0; }
          .text { background: #2f8fd0; color: #06121b; } .close { background: #e7e4dd; color: #111; }
        }

        .scaled > summary { font-size: .8125rem; color: var(--quiet); margin-top: .5rem; }
        .axis { position: relative; padding-bottom: 2.5rem; font-size: .6875rem; color: var(--quiet); overflow: hidden; }
        .drawing { display: block; position: relative; width: 100%; height: 60px; fill: none; }
        .drawing path { vector-effect: non-scaling-stroke; stroke-width: 1.5px; stroke: var(--line); }
        .drawing .data { stroke: #0072b2; } .drawing .control { stroke: #1fae86; } .drawing .broken { stroke: var(--fault); }
        .band, .silent, .tick { position: absolute; }
        .band { top: 0; height: 60px; background: var(--panel); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        .silent { top: 60px; text-align: center; white-space: nowrap; }
        .tick { top: 78px; padding-left: .2rem; border-left: 1px solid var(--line); }

        .violation { border-left: 3px solid var(--fault); padding-left: 1.25rem; margin: 2rem 0; }
        .violation h4 { margin: 0; font-size: 1.125rem; }
        .rule { font-family: var(--mono); font-size: 1.0625rem; }
        .sentence { font: 600 1.25rem/1.4 var(--serif); margin: .5rem 0; }
        .diagnosis { background: var(--panel); padding: .875rem 1rem; margin: 1rem 0; border-radius: 3px; }
        .diagnosis ul { margin-top: .5rem; }
        .label strong { color: var(--ink); }
        .bits { margin: .5rem 0 1rem; border-spacing: 0; }
        .bits caption, .frames caption { text-align: left; color: var(--quiet); padding-bottom: .25rem; }
        .bits th, .bits td { text-align: center; padding: .2rem .7rem; border: 1px solid var(--line); }
        .bits th.byte { text-align: left; border: 0; padding-left: 0; font-weight: 400; }
        .bits .values td { font-family: var(--mono); font-size: .875rem; }
        .bits .bad { color: var(--fault); font-weight: 700; }
        .bytes { font: .75rem/1.7 var(--mono); margin: .5rem 0; }
        .bytes u { text-decoration-color: var(--quiet); text-underline-offset: .2em; }
        .preview { margin: .75rem 0; }
        .preview code { font: .8125rem/1.6 var(--mono); }
        blockquote { margin: 1.25rem 0 .75rem; font-family: var(--serif); font-style: italic; }
        blockquote footer { font: .8125rem var(--sans); margin-top: .25rem; }
        .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); gap: 0 2rem; font-size: .9375rem; }
        .notices { list-style: none; padding: 0; }
        .error + .notices, .error + article { margin-top: .75rem; }
        .notices > li { margin: 0 0 .75rem; }
        .notices p + p { margin-top: .1rem; }
        summary { cursor: pointer; }
        details details > summary { margin-top: 1.75rem; }
        summary h3, summary h4 { display: inline; margin: 0; }
        details[open] > summary { margin-bottom: .5rem; }

        @media (max-width: 40rem) {
          body { padding: 1.5rem 1rem 3rem; }
          h1 { font-size: 2.125rem; }
          .facts > div { grid-template-columns: 6.5rem 1fr; }
          .violation { padding-left: .875rem; }
          .scale { margin-left: 0; }
          .list, .list tbody, .list tr, .list td, .list .input th { display: block; }
          .list thead { display: none; }
          .list tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
          .list td { border: 0; padding: .05rem 0; text-align: left; white-space: normal; }
          .list td.n, .list td.end { display: inline-block; margin-right: 1rem; font-size: .875rem; }
          .list tr.input { border: 0; padding-bottom: 0; }
          .list .unit { display: inline; color: var(--quiet); margin-right: .3rem; }
          .list td:first-child { min-width: 0; }
          .silent { white-space: normal; line-height: 1.1; }
          .bits th, .bits td, .bits .values td { padding: .15rem .1rem; font-size: .5625rem; white-space: normal; }
          .bits { overflow-wrap: normal; }
          .bytes { font-size: min(.75rem, 2.5vw); }
          .bytes .ascii { display: block; padding-left: 5ch; }
          .frames, .frames tbody, .hops, .hops tbody { display: block; }
          .frames thead, .hops thead { display: none; }
          .frames tr, .hops tr { display: flex; flex-wrap: wrap; gap: 0 .6rem; padding: .35rem 0; }
          .frames tr, .hops tr { border-bottom: 1px solid var(--line); }
          .frames td, .hops td { border: 0; padding: 0; white-space: normal; text-align: left; }
          .frames td:empty, .hops td:empty { display: none; }
          .frames tr.bad, .hops tr.bad { background: var(--mark); padding: .35rem .5rem; } .frames .bad td, .hops .bad td { padding: 0; }
          .frames td.last, .hops td.last, td.took { flex-basis: 100%; }
          .frames td.m { white-space: pre-wrap; }
          .frames td::before, .hops td::before { color: var(--quiet); font-family: var(--sans); }
          td.number::before { content: "frame "; } td.packet::before { content: "packet "; }
          td.offset::before { content: "offset "; } td.length::before { content: "length "; }
          td.key::before { content: "mask "; } .hops td.length::before { content: "bytes "; }
          td.count::before { content: "frames "; }
          td.front::before { content: "client – proxy: "; } td.back::before { content: "proxy – server: "; }
          td.took::before { content: "took "; }
        }
        @media print {
          :root { --paper: #fff; --panel: #f3f3f3; --ink: #000; --quiet: #444; --line: #bbb; }
          body { max-width: none; padding: 0; font-size: 10pt; }
          .wide { overflow: visible; }
          .m { white-space: pre-wrap; }
          .violation, tr, .f, li { break-inside: avoid; }
          h2, h3, h4 { break-after: avoid; }
          a { color: inherit; }
        }

        """
}
