#include "reports/html_parts.h"

namespace assay::reports {

std::string_view page_style() {
  return R"css(
:root{color-scheme:light dark;--paper:#f6f7f9;--card:#fff;--ink:#16202c;--soft:#55616f;--line:#dde2e8;--faint:#eef1f4;--accent:#0b5c6b;
--critical:#a3001e;--high:#b8400a;--medium:#8a5a00;--low:#1d5aa6;--info:#55616f;--good:#17693b;--weak:#b8400a;--weakbg:#fdf1e7;--mark:#ffe3bf;
--sans:"Inter","Segoe UI",system-ui,-apple-system,"Helvetica Neue",Arial,sans-serif;
--mono:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{--paper:#0f151c;--card:#171f28;--ink:#e7ecf1;--soft:#9eabb8;--line:#2b3743;--faint:#1e2832;--accent:#6cc6d6;
--critical:#ff8a96;--high:#ffa36b;--medium:#e8be5a;--low:#8dbcff;--info:#9eabb8;--good:#74d39a;--weak:#ffa36b;--weakbg:#33231a;--mark:#5c4118}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 var(--sans);overflow-wrap:anywhere}
.sheet{max-width:1080px;margin:0 auto;padding:28px 28px 64px}
a{color:var(--accent)}
code,pre,.mono{font-family:var(--mono);font-size:.87em}
.top{display:flex;gap:14px;align-items:center;padding-bottom:16px;border-bottom:1px solid var(--line)}
.top svg{flex:none}
.brand{flex:none;font-weight:700;letter-spacing:.01em;font-size:17px}
.about{color:var(--soft);font-size:13.5px;margin-left:auto;text-align:right}
.verdict{margin:30px 0 6px;display:grid;grid-template-columns:auto 1fr;gap:6px 18px;align-items:start}
.verdict h1{margin:0;font-size:27px;line-height:1.28;font-weight:650;letter-spacing:-.012em;max-width:34em;text-wrap:balance}
.stamp{font-size:12px;font-weight:700;letter-spacing:.09em;padding:7px 11px 6px;border-radius:6px;border:2px solid currentColor;margin-top:3px}
.stamp.pass{color:var(--good)}.stamp.fail{color:var(--critical)}.stamp.hold{color:var(--medium)}
.tally{grid-column:2;display:flex;flex-wrap:wrap;gap:6px 18px;margin:4px 0 0;padding:0;list-style:none;color:var(--soft);font-size:14px}
.tally b{color:var(--ink);font-variant-numeric:tabular-nums}
h2{font-size:19px;letter-spacing:-.005em;margin:44px 0 12px;display:flex;flex-wrap:wrap;align-items:baseline;gap:0 10px}
h2 small{font-size:13.5px;font-weight:400;color:var(--soft)}
h3{font-size:16px;margin:0 0 4px;line-height:1.4}
h3 .note{font-weight:400;margin-left:6px}h3 .chip{margin-left:4px;vertical-align:1px}
h4{font-size:13px;margin:0 0 6px;color:var(--soft);font-weight:600}
p{margin:0 0 8px}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:18px 20px;margin:0 0 14px}
.note{color:var(--soft);font-size:13.5px}
.chip{display:inline-block;font-size:12px;font-weight:650;line-height:1;padding:4px 8px;border-radius:999px;border:1px solid currentColor;white-space:nowrap}
.critical{color:var(--critical)}.high{color:var(--high)}.medium{color:var(--medium)}.low{color:var(--low)}.info{color:var(--info)}
.scroll{overflow-x:auto}
.picture{display:block;width:100%;min-width:720px;height:auto;margin:14px 0 6px}
.picture text{font-family:var(--sans);fill:var(--ink)}
.picture .kind{font-size:11px;fill:var(--soft)}
.picture .name{font-size:13px;font-weight:600;font-family:var(--mono)}
.picture .box{fill:var(--card);stroke:var(--soft);stroke-width:1.2}
.picture .first{fill:var(--faint)}
.picture .last{stroke:var(--critical);stroke-width:2}
.picture .edge{fill:none;stroke:var(--soft);stroke-width:1.6}
.picture .head{fill:var(--soft)}
.picture .possible{stroke-dasharray:5 5}
.picture .weak .edge{stroke:var(--weak);stroke-width:3.4}
.picture .weak .head{fill:var(--weak)}
.picture .weak text{fill:var(--weak);font-weight:700}
.picture .dot{fill:var(--card);stroke:var(--soft);stroke-width:1.2}
.picture .weak .dot{fill:var(--weak);stroke:var(--weak)}
.picture .step{font-size:11px;font-weight:700;text-anchor:middle}
.picture .weak .step{fill:var(--card)}
.picture .says{font-size:11.5px;text-anchor:middle}
.steps{margin:10px 0 0;padding:0;list-style:none;counter-reset:step;font-size:14px}
.steps li{counter-increment:step;display:grid;grid-template-columns:26px 1fr;padding:7px 0;border-top:1px solid var(--faint)}
.steps li::before{content:counter(step);font-weight:700;color:var(--soft);font-variant-numeric:tabular-nums}
.steps .weakest{background:var(--weakbg);margin:0 -10px;padding:8px 10px;border-radius:8px;border-top-color:transparent}
.steps .weakest::before{color:var(--weak)}
.steps .place{color:var(--soft)}
.steps b.weak{color:var(--weak)}
.tools{display:flex;gap:12px;align-items:center;margin:0 0 12px}
.tools input{flex:1;max-width:420px;font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:8px;padding:8px 12px}
.tools input:focus-visible{outline:2px solid var(--accent);outline-offset:1px}
.findings{width:100%;border-collapse:separate;border-spacing:0;background:var(--card);border:1px solid var(--line);border-radius:10px;table-layout:fixed}
.findings th{font-size:13px;color:var(--soft);font-weight:600;text-align:left;padding:9px 14px;border-bottom:1px solid var(--line)}
.findings tbody tr:first-child td{border-top:0}.findings th:first-child{width:96px}.findings td{padding:13px 14px;vertical-align:top;border-top:1px solid var(--faint)}
.findings .what{font-weight:550;margin:0 0 2px}
.findings .where{color:var(--soft);font-size:13.5px;margin:0}
.line{display:block;margin:9px 0 0;padding:7px 12px;background:var(--faint);border-radius:6px;white-space:pre-wrap;tab-size:4;font-size:12.5px}
.line i{font-style:normal;color:var(--soft);user-select:none;margin-right:12px}
.line mark{background:var(--mark);color:inherit;border-radius:3px;padding:1px 0;text-decoration:underline;text-decoration-thickness:2px;text-underline-offset:3px}
.fix{margin:8px 0 0;font-size:14px}.fix b{color:var(--good)}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:6px 20px;margin:0;font-size:14px}
dl.facts dt{color:var(--soft)}dl.facts dd{margin:0}
ul.plain,ol.plain{margin:0;padding-left:1.25em}ul.plain li,ol.plain li{margin:3px 0}
details{margin:8px 0 0}summary{cursor:pointer;color:var(--accent)}
.two{display:grid;grid-template-columns:1fr 1fr;gap:14px}
.decision{display:grid;grid-template-columns:1.15fr 1fr;gap:10px 36px}
.decision .word{font-size:25px;font-weight:720;letter-spacing:-.01em;line-height:1.2;margin:0 0 8px}
.decision .turned{font-size:17px;line-height:1.45;margin:0}
.gauge{width:100%;height:auto;display:block}
.gauge text{font-family:var(--sans);font-size:11.5px;fill:var(--soft);text-anchor:middle;font-variant-numeric:tabular-nums}
.gauge .big{font-size:14px;font-weight:700;fill:var(--ink)}
.gauge .track{fill:var(--faint)}.gauge .band{fill:var(--accent);opacity:.42}.gauge .mid{fill:var(--ink)}.gauge .tick{stroke:var(--line)}
.marks{display:flex;flex-wrap:wrap;gap:6px 26px;margin:10px 0 0;padding:0;list-style:none;font-size:14px;color:var(--soft)}
.marks b{color:var(--ink);font-size:17px;margin-right:4px}
.known{width:100%;height:12px;display:block;margin:4px 0 8px;border-radius:3px}
.checked{fill:var(--good)}.told{fill:var(--medium)}.nobody{fill:var(--soft);opacity:.45}
.key{display:inline-block;width:10px;height:10px;margin-right:5px}
.holds{width:100%;border-collapse:collapse;font-size:14px}
.holds td{padding:4px 12px 4px 0;vertical-align:middle}.holds td:last-child{padding-right:0;text-align:right;font-variant-numeric:tabular-nums;width:3.2em}
.holds .bar{width:38%}.holds svg{display:block;width:100%;height:10px}.holds .lvl{white-space:nowrap;color:var(--soft);width:2.6em}
.holds rect{fill:var(--critical)}.holds .track{fill:var(--faint)}
.strip{display:grid;grid-template-columns:repeat(8,1fr);gap:6px;margin:0;padding:0;list-style:none}
.strip li{border:1px solid var(--line);border-top:4px solid var(--soft);border-radius:6px;padding:7px 8px 8px;font-size:12.5px;line-height:1.3;background:var(--card)}
.strip b{display:block;font-size:12.5px}.strip .state{display:block;margin:3px 0 6px;font-weight:600}
.strip .s-verified{border-top-color:var(--good)}.strip .s-verified .state{color:var(--good)}
.strip .s-told{border-top-color:var(--medium);border-top-style:double}.strip .s-told .state{color:var(--medium)}
.strip .s-refused{border-top-color:var(--critical)}.strip .s-refused .state{color:var(--critical)}
.strip .s-unknown{border-top-style:dashed}.strip .s-unknown .state{color:var(--soft)}
.strip svg{display:block;width:100%;height:9px}.strip .track{fill:var(--faint)}.strip .band{fill:var(--accent);opacity:.5}.strip .mid{fill:var(--ink)}
.rules h3{font-size:14.5px}.rules section{padding:11px 0;border-top:1px solid var(--faint)}.rules section:first-child{border-top:0;padding-top:2px}
.rules p,.rules .plain{font-size:14px}
:target{outline:2px solid var(--accent);outline-offset:6px;border-radius:4px}
footer{margin-top:40px;padding-top:14px;border-top:1px solid var(--line);color:var(--soft);font-size:13px}
[hidden]{display:none!important}
@media screen and (max-width:760px){.sheet{padding:18px 14px 40px}.two,.decision{grid-template-columns:1fr}.strip{grid-template-columns:repeat(4,1fr)}.verdict{grid-template-columns:1fr}
.tally{grid-column:1}.stamp{justify-self:start}.verdict h1{font-size:22px}.findings th:first-child{width:84px}.about{display:none}}
@media print{:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--faint:#eee;--accent:#0b5c6b;--critical:#a3001e;--high:#b8400a;
--medium:#8a5a00;--low:#1d5aa6;--info:#444;--good:#17693b;--weak:#b8400a;--weakbg:#fdf1e7;--mark:#ffe3bf}
@page{size:A4;margin:13mm}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}body{font-size:10.5px;line-height:1.42}.sheet{max-width:none;padding:0}.tools{display:none}
.card,.findings tr,.rules section{break-inside:avoid}.card{padding:9px 12px;margin-bottom:8px}.verdict{margin:12px 0 4px}.verdict h1{font-size:17px}
h2{font-size:13.5px;margin:18px 0 6px;break-after:avoid}h3{font-size:12px}h4{font-size:10px;margin-bottom:3px}.picture{min-width:0}.decision .word{font-size:17px;margin-bottom:4px}.decision .turned{font-size:12.5px}
.marks,.tally,.steps,.holds,dl.facts,.rules p,.rules .plain,.fix{font-size:10.5px}.strip b{letter-spacing:-.02em}h2 small{font-size:10.5px}.rules h3{font-size:11px}.rules section{padding:5px 0}.marks b{font-size:12.5px}.strip li,.strip b,.note,.findings .where{font-size:9.5px}.line{font-size:9px}.holds td{padding-top:1px;padding-bottom:1px}
.top{padding-bottom:8px}.two{gap:8px}.annex{break-before:page}ul.plain li,ol.plain li{margin:1px 0}.stamp{font-size:10px;padding:5px 8px 4px}}
)css";
}

std::string_view page_script() {
  return R"js(
(function () {
  var tools = document.querySelector('.tools');
  if (!tools) return;
  var input = tools.querySelector('input'), said = tools.querySelector('output');
  var rows = Array.prototype.slice.call(document.querySelectorAll('.findings tbody tr'));
  var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
  tools.hidden = false;
  input.addEventListener('input', function () {
    var words = input.value.toLowerCase().split(/\s+/), shown = 0;
    rows.forEach(function (row, i) {
      row.hidden = !words.every(function (word) { return texts[i].indexOf(word) >= 0; });
      if (!row.hidden) shown++;
    });
    said.textContent = input.value ? shown + ' of ' + rows.length : '';
  });
})();
)js";
}

}  // namespace assay::reports
