/** The look of the report: one typographic scale, light and dark, print. Colours of the arms keep apart for colour-blind eyes. */
export const stylesheet = `
:root{color-scheme:light dark;
--page:#fff;--panel:#f6f7f9;--ink:#16191d;--muted:#5b636e;--line:#e2e5ea;--grid:#e9ecf0;
--baseline:#6b7480;--control:#b3610b;--t3:#1f5fd0;--fourth:#8b3d9e;--better:#146c43;--worse:#b3261e;
--small:.8125rem;--body:1rem;--large:1.3125rem;--title:2.125rem;--hero:3.75rem;
--gap:1rem;--block:4rem}
@media (prefers-color-scheme:dark){:root{
--page:#121417;--panel:#1b1e23;--ink:#e8eaed;--muted:#9ba3ae;--line:#30353c;--grid:#282c33;
--baseline:#98a1ad;--control:#e79a4b;--t3:#7aa9ff;--fourth:#d490e6;--better:#63c697;--worse:#ff8a80}}
*{box-sizing:border-box;margin:0}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{background:var(--page);color:var(--ink);font:var(--body)/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,sans-serif;
max-width:68rem;margin:0 auto;padding:3.5rem 2rem 3rem;font-variant-numeric:tabular-nums}
h1{font-size:var(--title);line-height:1.2;font-weight:650;letter-spacing:-.015em;max-width:30ch;text-wrap:balance}
h2{font-size:var(--large);line-height:1.3;font-weight:650;letter-spacing:-.005em;margin-bottom:.5rem}
h3{font-size:var(--body);font-weight:650;margin:2.25rem 0 .375rem}
h4{font-size:var(--small);font-weight:600;color:var(--muted);margin-bottom:.625rem}
section{margin-top:var(--block);padding-top:2rem;border-top:1px solid var(--line)}
.lead{max-width:70ch;color:var(--muted);text-wrap:pretty}
.note,.muted,figcaption,.interval,.tag{font-size:var(--small);color:var(--muted)}
.note{max-width:90ch;margin-top:.875rem}
code{font:.875em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
.sr,.skip{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip:focus{position:static;width:auto;height:auto;clip-path:none}
:focus-visible{outline:2px solid var(--t3);outline-offset:2px}
.eyebrow{font-size:var(--small);color:var(--muted);margin-bottom:.75rem}
.hero{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,7fr);gap:2.5rem;align-items:center;margin:2.25rem 0}
.gain-value{display:block;font-size:var(--hero);line-height:1;font-weight:650;letter-spacing:-.03em;color:var(--t3)}
.gain-unit{display:block;margin-top:.625rem;font-weight:600}
.gain-interval{display:block;margin-top:.25rem;font-size:var(--small);color:var(--muted)}
.tiles{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1px;background:var(--line);border:1px solid var(--line);border-radius:10px;overflow:hidden}
.tile{background:var(--page);padding:.875rem 1.125rem}
.tile dt{font-size:var(--small);color:var(--muted)}
.tile dd{font-size:var(--large);font-weight:600;line-height:1.4;white-space:nowrap}
.tile.t3 dd{color:var(--t3)}
.unit{font-size:var(--small);font-weight:400;color:var(--muted)}
.legend{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.375rem 1.5rem;margin:1rem 0 .5rem;font-size:var(--small);align-items:center}
.legend li{display:flex;gap:.5rem;align-items:center}
.plot{display:block;overflow:visible}
.plot text{font-size:var(--small);fill:var(--muted)}
.grid{stroke:var(--grid)}.axis{stroke:var(--muted)}
.chance{stroke:var(--muted);stroke-width:1.5;stroke-dasharray:3 3}
.whisker{stroke-width:2;stroke-linecap:round}
.whisker.baseline{stroke:var(--baseline)}.whisker.control{stroke:var(--control)}.whisker.t3{stroke:var(--t3)}.whisker.fourth{stroke:var(--fourth)}
.mark.baseline{fill:var(--page);stroke:var(--baseline);stroke-width:2}.mark.control{fill:var(--control)}.mark.t3{fill:var(--t3)}.mark.fourth{fill:var(--fourth)}
.span.truth{fill:var(--ink)}.span.baseline{fill:var(--baseline)}.span.control{fill:var(--control)}.span.t3{fill:var(--t3)}.span.fourth{fill:var(--fourth)}
.leader{stroke:var(--line)}
.fit{stroke:var(--muted);stroke-width:1.5}
.plot .label{fill:var(--ink)}
.scatter-caption{display:block;text-align:left;white-space:normal;margin-top:3rem;font-size:var(--small);color:var(--muted)}
path{fill:none;vector-effect:non-scaling-stroke;stroke-linejoin:round}
path.baseline{stroke:var(--baseline)}path.control{stroke:var(--control)}path.t3{stroke:var(--t3)}path.fourth{stroke:var(--fourth)}
path.raw{stroke-width:1;opacity:.18}path.line{stroke-width:1.75}
.interval-row{display:grid;grid-template-columns:9rem minmax(0,1fr) 6.5rem;column-gap:1.25rem;align-items:center}
.interval-row .plot{margin:0}
.interval-label{font-size:var(--small)}
.interval-gain{font-size:var(--small);text-align:right}
.interval-head{color:var(--muted);padding:.25rem 0}
.interval-group{margin-top:.75rem}
.interval-total{margin-top:.5rem;padding-top:.5rem;border-top:1px solid var(--line)}
.interval-total,.interval-total~.interval-row:not(.interval-axis){font-weight:600}
.chart{margin:2.25rem 1rem 0 2.75rem;padding-bottom:2.75rem}
.scroll{overflow-x:auto;margin-top:1rem;background:linear-gradient(to left,var(--page) 40%,transparent) right/2.5rem 100% no-repeat local,linear-gradient(to left,var(--line),transparent) right/1rem 100% no-repeat}
table{border-collapse:collapse;width:100%;font-size:var(--small);line-height:1.35}
th,td{padding:.5rem .625rem;text-align:right;vertical-align:top;white-space:nowrap}
th:first-child{text-align:left;position:sticky;left:0;background:var(--page);padding-left:0}
td:last-child,th:last-child{padding-right:0}
thead th{color:var(--muted);font-weight:500;vertical-align:bottom;border-bottom:1px solid var(--line)}
tbody th{font-weight:500}
tbody+tbody tr:first-child>*{border-top:1px solid var(--line)}
thead .over{text-align:center;border-bottom:0;padding-bottom:0}
.compact{max-width:44rem}
.totals th,.totals .value{font-weight:650}
.value{display:block;font-size:.9375rem}
td:not(:has(.value)){line-height:1.5}
.interval{display:block}
.better .value,.verdict.better{color:var(--better)}.worse .value,.verdict.worse{color:var(--worse)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,28rem),1fr));gap:1.5rem;margin-top:1.25rem}
.card{border:1px solid var(--line);border-radius:10px;padding:1.125rem 1.25rem;display:flex;flex-direction:column;break-inside:avoid}
.wide{margin-top:1.25rem}.wide figure{min-width:0}.wide .interval-row{padding:.125rem 0}.answers.dense>div{grid-template-columns:12rem minmax(0,1fr);padding:.375rem 0}
.strip-image{position:relative;line-height:0;border-radius:5px;overflow:hidden}
.strip-image img{width:100%;height:auto;display:block}
.strip-image::after{content:"";position:absolute;inset:0 -2px 0 0;background:repeating-linear-gradient(to right,transparent 0 calc(100%/var(--frames) - 2px),var(--page) calc(100%/var(--frames) - 2px) calc(100%/var(--frames)))}
figcaption{display:grid;grid-template-columns:repeat(var(--frames),1fr);text-align:center;margin-top:.25rem;white-space:nowrap}
.question{margin:.75rem 0 .5rem;white-space:pre-line}
.options{list-style:none;padding:0;font-size:.9375rem;margin-bottom:.875rem}
.options li{display:flex;gap:.625rem;align-items:baseline;padding:.125rem 0;color:var(--muted)}
.options .right{color:var(--ink);font-weight:600}
.letter{min-width:1ch}
.tag{font-weight:400;margin-left:auto;white-space:nowrap}
.answers{margin-top:auto;border-top:1px solid var(--line);padding-top:.625rem;font-size:.9375rem}
.answers>div{display:grid;grid-template-columns:5.5rem minmax(0,1fr);padding:.125rem 0}
.answers dt{color:var(--muted)}
.answers dd{display:flex;gap:.5rem;min-width:0;overflow-wrap:anywhere}
.columns{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:2rem}
.text-row{background:var(--panel);border-radius:10px;padding:1rem 1.125rem;margin-top:.875rem;break-inside:avoid}
pre{font:.8125rem/1.55 ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;white-space:pre-wrap;overflow-wrap:anywhere;max-height:15rem;overflow-y:auto}
.target{font:.8125rem/1.55 ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-weight:650;color:var(--t3);margin-top:.5rem;padding-top:.5rem;border-top:1px solid var(--line);overflow-wrap:anywhere}
.maps{display:flex;flex-wrap:wrap;gap:1.5rem 2rem;margin-top:.75rem;overflow-x:auto}
.heat text{font-size:.6875rem}
.chart-grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,18rem),1fr));gap:2.5rem 3.5rem;margin:1.25rem 0 0 2.25rem}
.chart-grid .note{margin-top:2.25rem}.chart-grid h4{margin-bottom:1.5rem;min-height:2.4em;display:flex;align-items:end}.chart-grid figure{padding-bottom:2rem}
.chart-grid figure:has(.note){padding-bottom:0}
.lens td{text-align:left;white-space:normal;min-width:5.5rem}.lens th{text-align:left}
details{margin-top:1.5rem}summary{cursor:pointer;font-size:var(--small)}
.steps{padding-left:1.25rem;max-width:72ch;margin-top:.75rem}
.steps li{padding:.1875rem 0}.steps li::marker{color:var(--muted)}
.facts{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));column-gap:2rem;margin-top:1.5rem;font-size:.9375rem}
.facts>div{display:grid;grid-template-columns:9rem minmax(0,1fr);padding:.4375rem 0;border-top:1px solid var(--line)}
.facts dt{color:var(--muted)}
.plain{padding-left:1.25rem;max-width:72ch}.plain li::marker{color:var(--muted)}
footer{margin-top:var(--block);padding-top:1.25rem;border-top:1px solid var(--line);font-size:var(--small);color:var(--muted)}
@media (max-width:46rem){
:root{--title:1.625rem;--hero:3rem;--block:3rem}
body{padding:2rem 1.125rem}
.hero,.columns,.facts{grid-template-columns:minmax(0,1fr);gap:1.5rem}.columns,.facts{gap:0}
.interval-row{grid-template-columns:minmax(0,1fr) auto;row-gap:.125rem;padding:.25rem 0}
.interval-row .plot{grid-row:2;grid-column:1/-1;width:calc(100% - 1rem);margin-left:.5rem}
.interval-head span:nth-child(2),.interval-axis span:last-child{display:none}
.facts>div{grid-template-columns:7.5rem minmax(0,1fr)}
.card{padding:1rem}
}
@media print{
:root{color-scheme:light;--page:#fff;--panel:#f6f7f9;--ink:#000;--muted:#444;--line:#ccc;--grid:#e5e5e5;--baseline:#6b7480;--control:#b3610b;--t3:#1f5fd0;--fourth:#8b3d9e;--better:#146c43;--worse:#b3261e;--block:2rem}
body{max-width:none;padding:0;font-size:10pt}
section,table,.interval-row{break-inside:avoid-page}section{break-inside:auto}
pre{max-height:none}.scroll{overflow:visible}.skip{display:none}
}
`;
