namespace Http2.Conformance;

/// <summary>The style and the script of the HTML report; inline, so that the page can be mailed.</summary>
internal static class HtmlAssets
{
    public const string Style = """

        :root{--bg:#f6f7f9;--card:#fff;--ink:#1d2330;--dim:#677084;--line:#e3e6ec;--pass:#1a9c5b;--fail:#d6344c;--skip:#a3abbb;
        --exp:#d99213;--code:#eef1f6}
        @media(prefers-color-scheme:dark){:root{--bg:#12151c;--card:#1a1f29;--ink:#e6e9f0;--dim:#97a0b3;--line:#2a3140;--code:#232a37}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:72rem;padding:2rem 1.25rem 4rem;background:var(--bg);color:var(--ink);
        font:15px/1.5 system-ui,sans-serif}
        header{display:flex;gap:1.75rem;align-items:center;background:var(--card);border:1px solid var(--line);border-radius:14px;
        padding:1.5rem 1.75rem}
        header svg{width:116px;flex:none}header circle{fill:none;stroke-width:11}
        header text{text-anchor:middle;font:600 20px system-ui,sans-serif;fill:var(--ink)}
        circle.passed{stroke:var(--pass)}circle.failed{stroke:var(--fail)}circle.skipped{stroke:var(--skip)}
        circle.expected{stroke:var(--exp)}
        h1{margin:0;font-size:1.45rem}header p{margin:.1rem 0}.target{font:600 1rem ui-monospace,monospace}.when{color:var(--dim)}
        .sum{font-weight:600}
        nav{display:flex;flex-wrap:wrap;gap:.5rem;position:sticky;top:0;background:var(--bg);padding:1rem 0;z-index:1}
        nav button{border:1px solid var(--line);background:var(--card);color:var(--ink);border-radius:99px;padding:.35rem .9rem;
        font:inherit;cursor:pointer}
        nav button.on{border-color:var(--ink)}nav b{color:var(--dim);font-weight:600;margin-left:.25rem}
        nav input{flex:1;min-width:14rem;border:1px solid var(--line);background:var(--card);color:var(--ink);border-radius:99px;
        padding:.35rem 1rem;font:inherit}
        h2{margin:1.75rem 0 .6rem;font-size:1.1rem}
        .section{background:var(--card);border:1px solid var(--line);border-radius:10px;margin:.4rem 0;padding:0 1rem}
        summary{cursor:pointer;padding:.5rem 0;list-style:none}summary::-webkit-details-marker{display:none}
        .section>summary{font-weight:600}.count{float:right;color:var(--dim);font-weight:400}
        code{background:var(--code);border-radius:5px;padding:.1rem .35rem;font:13px ui-monospace,monospace}
        .dot{display:inline-block;width:.6rem;height:.6rem;border-radius:50%;margin-right:.6rem}.dot.passed{background:var(--pass)}
        .dot.failed{background:var(--fail)}.dot.skipped{background:var(--skip)}
        .case{border-top:1px solid var(--line)}.mark{display:inline-block;width:1.4rem;font-weight:700}
        .case.passed .mark{color:var(--pass)}.case.failed .mark,.case.failed .actual{color:var(--fail)}
        .case.expected .mark{color:var(--exp)}.case.skipped>summary{color:var(--dim)}
        .level,.time{float:right;color:var(--dim);font-size:12px;margin-left:1rem}
        dl{display:grid;grid-template-columns:7rem 1fr;gap:.15rem .75rem;margin:.25rem 0 .75rem 1.4rem}dt{color:var(--dim)}dd{margin:0}
        cite{color:var(--dim);font-style:normal}
        pre{background:var(--code);border-radius:8px;padding:.75rem 1rem;margin:0 0 1rem 1.4rem;overflow:auto;
        font:12.5px/1.45 ui-monospace,monospace}
        pre i{font-style:normal}pre .send{color:#2f7fd6}pre .recv{color:#8a5bd0}.hide{display:none}

        """;

    public const string Script = """

        const buttons=[...document.querySelectorAll('nav button')],find=document.querySelector('nav input');let kind='all';
        function apply(){const words=find.value.trim().toLowerCase();
        for(const section of document.querySelectorAll('.section')){let any=false;
        for(const one of section.querySelectorAll('.case')){
        const hit=(kind==='all'||one.classList.contains(kind))&&(!words||one.textContent.toLowerCase().includes(words));
        one.classList.toggle('hide',!hit);any||=hit}
        section.classList.toggle('hide',!any);if(any&&(kind!=='all'||words))section.open=true}}
        for(const button of buttons)button.onclick=()=>{kind=button.dataset.show;
        for(const other of buttons)other.classList.toggle('on',other===button);apply()};
        find.oninput=apply;

        """;
}
