"""The style sheet of this project's own markup. Colours mix the theme's text colour, so light and dark both work."""

from __future__ import annotations

STYLE = """
[data-testid="stMainBlockContainer"] { padding-top: 2.75rem; padding-bottom: 3rem; max-width: 1280px; }
[data-testid="stSidebarContent"] [data-testid="stVerticalBlock"] { gap: 0.35rem; }
.dv-section { font-size: .75rem; letter-spacing: .04em; opacity: .7; padding-top: .5rem; }
[data-testid="stSidebarContent"] [data-testid="stPageLink"] a { padding-top: .2rem; padding-bottom: .2rem; }
.dv-banner { display: flex; gap: .9rem; align-items: flex-start; border-left: 5px solid; padding: .7rem 1rem;
  background: color-mix(in srgb, currentColor 5%, transparent); border-radius: .375rem; }
.dv-sentence { font-size: 1.2rem; line-height: 1.5; font-weight: 600; overflow-wrap: anywhere; }
.dv-banner .dv-outcome { margin-top: .3rem; }
.dv-outcome { display: inline-flex; align-items: center; gap: .4rem; white-space: nowrap; font-size: .85rem; }
.dv-mark { display: inline-flex; align-items: center; justify-content: center; width: 1.25rem; height: 1.25rem;
  border-radius: 50%;
  color: #fff; font-weight: 700; font-size: .8rem; flex: none; }
.dv-line { display: flex; gap: .7rem; padding: .15rem 0; align-items: baseline; }
.dv-next { padding: .2rem 0; overflow-wrap: anywhere; }
.dv-strip { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .6rem 1.4rem; }
.dv-key .dv-label, .dv-muted { font-size: .8rem; opacity: .7; }
.dv-key .dv-figure { font-size: 1.35rem; font-weight: 650; line-height: 1.3; font-variant-numeric: tabular-nums; }
.dv-key .dv-detail { font-size: .78rem; opacity: .75; overflow-wrap: anywhere; }
.dv-group { font-size: .8rem; font-weight: 650; opacity: .75; margin-top: .4rem; padding-bottom: .25rem;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
.dv-check { display: grid; grid-template-columns: 6.2rem minmax(12rem, 1fr) 7rem 5rem 3.6rem; gap: .2rem 1rem;
  align-items: center; }
.dv-check .dv-name { font-weight: 600; line-height: 1.35; }
.dv-check .dv-says { font-size: .88rem; opacity: .85; line-height: 1.45; overflow-wrap: anywhere; }
.dv-check .dv-value { text-align: right; font-variant-numeric: tabular-nums; line-height: 1.3; }
.dv-check .dv-value strong { font-size: 1.05rem; }
.dv-check details .dv-says { padding: .1rem 0 .3rem; border-left: 2px solid; padding-left: .6rem; }
.dv-check summary { cursor: pointer; list-style: none; display: inline; }
.dv-meter { position: relative; height: .55rem; border-radius: .3rem; background: color-mix(in srgb, currentColor 10%,
  transparent); }
.dv-meter:empty { background: none; }
.dv-fill { height: 100%; border-radius: .3rem; min-width: 2px; }
.dv-tick { position: absolute; top: -.2rem; bottom: -.2rem; width: 2px; background: currentColor; }
.dv-history { display: flex; align-items: flex-end; gap: 2px; height: 1.9rem; }
.dv-bar { flex: 1; max-width: .6rem; border-radius: 1px 1px 0 0; opacity: .45; }
.dv-bar:last-child { opacity: 1; }
.dv-foot { font-size: .75rem; opacity: .7; line-height: 1.5; padding-top: .8rem; }
.dv-facts { border-collapse: collapse; font-size: .85rem; max-width: 38rem; }
.dv-facts th { text-align: left; font-weight: 600; padding: .15rem .9rem .15rem 0; vertical-align: top; white-space:
  nowrap; }
.dv-facts td { padding: .15rem 0; overflow-wrap: anywhere; white-space: pre-line; }
.dv-facts.beside { max-width: 100%; }
.dv-facts.beside th { white-space: normal; }
.dv-facts.beside td { padding-right: .9rem; min-width: 2.5rem; vertical-align: top; }
.dv-turn { border-radius: .5rem; padding: .6rem .9rem; margin: .15rem 0; white-space: pre-wrap; overflow-wrap:
  anywhere; line-height: 1.6; unicode-bidi: plaintext; }
.dv-turn.user { background: color-mix(in srgb, #0072B2 12%, transparent); margin-right: 8%; }
.dv-turn.assistant { background: color-mix(in srgb, currentColor 6%, transparent); margin-left: 8%; }
.dv-turn.system { background: color-mix(in srgb, #E69F00 14%, transparent); font-size: .92rem; }
.dv-turn.call, .dv-turn.result { background: color-mix(in srgb, #009E73 10%, transparent); font-size: .92rem; }
.dv-turn.chosen { box-shadow: inset 0 0 0 2px #E69F00; }
.dv-role { font-size: .75rem; opacity: .7; margin-bottom: .15rem; white-space: normal; }
.dv-chips { display: flex; flex-wrap: wrap; gap: .35rem; }
.dv-chip { font-size: .8rem; padding: .1rem .55rem; border-radius: 1rem; border: 1px solid color-mix(in srgb,
  currentColor 25%, transparent); }
.dv-chip.flag { border-color: #D55E00; background: color-mix(in srgb, #D55E00 12%, transparent); }
.dv-steps { display: flex; flex-direction: column; gap: .35rem; }
.dv-step { display: grid; grid-template-columns: 1.4rem minmax(9rem, 16rem) 1fr; gap: .6rem; align-items: center;
  font-variant-numeric: tabular-nums; }
.dv-step.waiting { opacity: .5; }
mark.dv-hit { background: color-mix(in srgb, #E69F00 45%, transparent); color: inherit; border-radius: .2rem; }
@media (max-width: 1150px) {
  [class*="st-key-stack-"] > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] { flex-wrap: wrap; }
  [class*="st-key-stack-"] > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"]
  > [data-testid="stColumn"] { flex: 1 1 100%; min-width: 100%; } }
.dv-fit { container-type: inline-size; }
@container (max-width: 46rem) { .dv-check { grid-template-columns: 6.2rem minmax(12rem, 1fr) 7rem 5rem; }
  .dv-check .dv-history { display: none; } }
@container (max-width: 38rem) { .dv-check { grid-template-columns: 5.4rem 1fr 6rem; }
  .dv-check .dv-meter { display: none; } }
@media (min-width: 641px) {
  [class*="st-key-overview-"] > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] {
    flex-wrap: nowrap; }
  [class*="st-key-overview-"] [data-testid="stColumn"] { min-width: 0; }
  [class*="st-key-overview-checks"] [data-testid="stColumn"]:last-child { flex: 0 0 5.6rem; min-width: 5.6rem; }
  .st-key-overview-next [data-testid="stColumn"]:last-child { flex: 0 0 11rem; min-width: 11rem; } }
@media (max-width: 900px) { .dv-sentence { font-size: 1.05rem; } .dv-banner { flex-direction: column; gap: .3rem; } }
"""
