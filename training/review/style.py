"""Look of the pieces that ``st.html`` draws; translucent colours read on light and dark grounds."""

from typing import Final

STYLE: Final = """<style>
.ct-meta { font-size: .8rem; opacity: .75; margin: 0 0 .15rem; overflow-wrap: anywhere; }
.ct-article { font-weight: 600; font-size: 1.05rem; line-height: 1.35; margin: 0 0 .5rem; }
.ct-text, .ct-parent, .ct-inline { unicode-bidi: isolate; white-space: pre-wrap; overflow-wrap: anywhere; }
.ct-text { font-size: 1.15rem; line-height: 1.6; max-height: 24rem; overflow-y: auto;
  padding: .1rem .25rem 0 0; }
.ct-parent { font-size: .92rem; line-height: 1.45; opacity: .85; max-height: 8rem; overflow-y: auto; }
.ct-quote { border-left: 3px solid rgba(128,128,128,.45); padding: .1rem 0 .1rem .75rem; margin: 0 0 .75rem; }
.ct-here { border-left-color: rgba(31,119,180,.9); }
.ct-hidden { background: rgba(150,80,200,.28); border-radius: .2em; cursor: help; }
.ct-text mark { color: inherit; border-radius: .2em; padding: .05em 0; }
mark.ct-up1 { background: rgba(226,72,56,.16); } mark.ct-up2 { background: rgba(226,72,56,.28); }
mark.ct-up3 { background: rgba(226,72,56,.42); box-shadow: inset 0 -2px rgba(226,72,56,.95); }
mark.ct-down1 { background: rgba(48,132,214,.14); } mark.ct-down2 { background: rgba(48,132,214,.24); }
mark.ct-down3 { background: rgba(48,132,214,.36); box-shadow: inset 0 -2px dotted rgba(48,132,214,.95); }
.ct-panel { font-size: .88rem; line-height: 1.4; }
.ct-panel h4 { font-size: .78rem; font-weight: 600; opacity: .75; margin: .85rem 0 .25rem; padding: 0; }
.ct-panel h4:first-child { margin-top: 0; }
.ct-big { font-size: 1.25rem; font-weight: 650; display: flex; justify-content: space-between; gap: .5rem; }
.ct-row { display: grid; grid-template-columns: minmax(0,1fr) 4.2rem 3.4rem; align-items: center; gap: .5rem;
  padding: .06rem 0; }
.ct-row b:last-child, .ct-num { text-align: right; font-variant-numeric: tabular-nums; }
.ct-strong { font-weight: 650; }
.ct-bar { height: .42rem; border-radius: .3rem; background: rgba(128,128,128,.22); overflow: hidden; }
.ct-bar div { height: 100%; border-radius: .3rem; background: rgba(110,125,140,.85); }
.ct-bar.ct-wide { height: .6rem; margin: .3rem 0 0; }
.ct-bar .ct-very_likely { background: rgb(205,58,48); } .ct-bar .ct-likely { background: rgb(226,124,44); }
.ct-bar .ct-uncertain { background: rgb(206,166,46); } .ct-bar .ct-unlikely { background: rgb(72,152,106); }
.ct-chip { display: inline-block; padding: .05rem .5rem; border-radius: 1rem; font-size: .8rem;
  font-weight: 600; border: 1px solid rgba(128,128,128,.5); }
.ct-chip.ct-hold { background: rgba(226,72,56,.22); border-color: rgba(226,72,56,.6); }
.ct-chip.ct-review { background: rgba(226,160,44,.22); border-color: rgba(226,160,44,.7); }
.ct-chip.ct-publish { background: rgba(72,152,106,.22); border-color: rgba(72,152,106,.6); }
.ct-reasons { width: 100%; border-collapse: collapse; font-size: .85rem; }
.ct-reasons td { padding: .12rem .4rem .12rem 0; border: 0; border-bottom: 1px solid rgba(128,128,128,.2);
  overflow-wrap: anywhere; }
.ct-reasons td.ct-num { width: 4.6rem; white-space: nowrap; }
.ct-note { font-size: .8rem; opacity: .75; margin: .35rem 0 0; }
.ct-notice { padding: .45rem .75rem; border-radius: .4rem; font-size: .9rem;
  background: rgba(128,128,128,.14); overflow-wrap: anywhere; }
.ct-notice.ct-success { background: rgba(72,152,106,.2); }
.ct-notice.ct-warning { background: rgba(226,160,44,.24); }
.ct-notice.ct-error { background: rgba(226,72,56,.24); }
.ct-keys { display: flex; flex-wrap: wrap; gap: .35rem 1.2rem; font-size: .9rem; }
.ct-keys kbd { border: 1px solid rgba(128,128,128,.6); border-radius: .25rem; padding: 0 .4rem;
  margin-right: .35rem; font-size: .85em; background: rgba(128,128,128,.12); color: inherit; }
.ct-brand { font-size: .8rem; opacity: .8; overflow-wrap: anywhere; }
/* the queue says itself when the server is slow: the comment must not fade meanwhile */
[data-testid="stElementContainer"]:has([data-testid^="stBidiComponent"]) { opacity: 1 !important; }
[data-testid="stCaptionContainer"] { color: inherit; opacity: .78; }
.stMainBlockContainer [data-testid="stHeading"] h1 { font-size: 2.25rem; }
.stMainBlockContainer h2 { font-size: 1.3rem; letter-spacing: normal; padding: .6rem 0 .5rem; }
[data-testid="stMetricValue"] { font-size: 1.6rem; font-variant-numeric: tabular-nums; }
[data-testid="stMetricLabel"] * { white-space: normal; overflow: visible; }
.st-key-page_language { display: none; }
/* the menu says on which page one is; only those who listen need the heading too */
.ct-brand .ct-where { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
/* Streamlit knows no French for « 3 more », its menu of the pages that the line has no room for */
[data-testid="stTopNavSection"] p { font-size: 0; }
[data-testid="stTopNavSection"] p::after { content: "Autres"; font-size: .875rem; }
/* its grey of charts has too little contrast; an opacity would show the labels that Vega hides by one */
[data-testid="stVegaLiteChart"] svg :is(.role-axis-label, .role-axis-title, .role-legend-label,
  .role-legend-title) text { fill: color-mix(in srgb, currentColor 80%, transparent); }
@media (max-width: 640px) {
  /* the menu is folded there */
  .ct-brand .ct-where { position: static; clip-path: none; width: auto; height: auto;
    font-size: 1.2rem; font-weight: 650; line-height: 1.4; margin: 0; padding: 0; }
  [data-testid="stHorizontalBlock"]:has([data-testid="stMetric"]) > [data-testid="stColumn"] {
    flex: 1 1 calc(50% - 1rem); min-width: calc(50% - 1rem); }
}
.stMainBlockContainer { padding-top: 4.25rem; padding-bottom: 2rem; max-width: 76rem; }
</style>"""
"""One style sheet for every page."""
