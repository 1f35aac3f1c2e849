"""The style sheets of a page and of a notebook's card: for telephone, desk, dark mode and paper."""

PAGE_STYLE = """
*{box-sizing:border-box}
html{background:var(--surface);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,
"Noto Sans","Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%;
overflow-wrap:anywhere}
body{margin:0 auto;padding:3rem 1.25rem 4rem;max-width:800px}
h1,h2,h3{line-height:1.2;font-weight:650;letter-spacing:-.012em;margin:0}
h1{font-size:2.1rem}
h2{font-size:1.3rem;margin:0 0 .35rem}
h3{font-size:1rem;margin:1.6rem 0 .4rem}
p{margin:.3rem 0 .9rem}
a{color:var(--accent)}
a:focus-visible,summary:focus-visible,
.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.answer{font-size:1.25rem;line-height:1.45;margin:.9rem 0 1rem}
.done{margin-top:2.2rem}
.parameters td{font-size:1.05rem;color:var(--ink)}
.lead,.note,figcaption,nav,dt,th{color:var(--muted)}
.note{font-size:.86rem}
nav{margin:1.6rem 0 0;font-size:.9rem;display:flex;flex-wrap:wrap;gap:.25rem 1.1rem}
nav a{color:inherit;text-decoration:none}
nav a:hover{color:var(--accent);text-decoration:underline}
section{margin-top:3.6rem}
figure{margin:1.1rem 0 0}
.narrow{display:none!important}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:1.3rem 1.6rem;
margin:1.5rem 0;padding:1.3rem 0;border-block:1px solid var(--rule)}
.tiles dd{margin:0;font-size:1.85rem;font-weight:650;letter-spacing:-.02em;line-height:1.25}
.tiles .first dd{color:var(--accent)}
.tiles dt{font-size:.86rem}
.tiles small{display:block;line-height:1.4;
font-size:.86rem;font-weight:400;letter-spacing:0;color:var(--muted)}
pre{margin:0;padding:.7rem .9rem;background:var(--raised);border-radius:6px;font:.84rem/1.5 ui-monospace,
SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.steps{list-style:none;margin:.8rem 0 0;padding:0;display:grid;gap:.8rem}
.steps span{font-size:.86rem;color:var(--muted)}
.steps+p{margin-top:1rem}
.scroll{overflow-x:auto;max-height:26rem;overflow-y:auto}
table{border-collapse:collapse;font-size:.86rem;min-width:40%;overflow-wrap:normal}
th,td{padding:.3rem 1.3rem .3rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
thead th{position:sticky;top:0;background:var(--surface);font-weight:500;white-space:nowrap}
tbody th{font-weight:400}
.facts td{overflow-wrap:anywhere}
.differs td{color:var(--warning);font-weight:600}
details{margin-top:.9rem}
summary{cursor:pointer;font-size:.86rem;color:var(--accent);width:fit-content}
details>div,details>p{margin-top:.6rem}
footer{margin-top:4rem;padding-top:1rem;border-top:1px solid var(--rule)}
@media screen and (max-width:640px){
body{padding:1.6rem 1rem 3rem}
section{margin-top:2.8rem}
h1{font-size:1.7rem}
.answer{font-size:1.1rem}
.wide{display:none!important}.narrow{display:block!important}
}
@media screen and (min-width:1240px){
body{max-width:1080px;display:grid;grid-template-columns:180px minmax(0,800px);column-gap:100px}
body>*{grid-column:2}
nav{grid-column:1;grid-row:1/span 4;position:sticky;top:3rem;align-self:start;flex-direction:column;
margin-top:.6rem}
}
@media print{
@page{size:A4;margin:16mm 15mm}
html{font-size:10.5pt}
body{padding:0;max-width:none}
nav,details{display:none}
section{margin-top:1.6rem}
section.figure,.tiles,.steps li,tr{break-inside:avoid}
h2,h3{break-after:avoid}
.scroll{max-height:none;overflow:visible}
a{color:inherit;text-decoration:none}
}
"""

CARD_STYLE = """
.hp-card{background:var(--surface);color:var(--ink);padding:.9rem 1.1rem 1.1rem;border:1px solid var(--rule);
border-radius:8px;max-width:820px;font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.hp-card h3{margin:0;font-size:1.15rem}
.hp-card p{margin:.2rem 0 .5rem}
.hp-card .tiles{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin:.7rem 0 1rem}
.hp-card .tiles div{max-width:11rem}
.hp-card dt,.hp-card small{color:var(--muted);font-size:.82rem;font-weight:400;display:block}
.hp-card th,.hp-card td{text-align:left;vertical-align:top;font-weight:400;padding:.1rem 1.2rem .1rem 0}
.hp-card th{color:var(--muted)}
.hp-card dd{margin:0;font-size:1.35rem;font-weight:650}
"""
