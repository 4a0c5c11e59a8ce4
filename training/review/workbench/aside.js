// Beside the comment: the judgement, stance apart, the author's history, its like, and the thread.

function drawAround(card, beside, ask) {
  if (!beside) return [];
  const parts = [];
  if (beside.same.length) parts.push(drawSame(beside.same, ask));
  if (card.author) parts.push(drawHistory(card, beside.history, ask));
  if (beside.thread.length) parts.push(drawThread(beside, ask));
  return parts;
}

function heading(text) {
  return el("h3", "", text);
}

function row(name, p) {
  const fill = el("div", "");
  fill.style.width = percent(p).replace(/[^\d]/g, "") + "%";
  const bar = attributes(el("div", "ct-bar", fill), { "aria-hidden": "true" });
  return el("div", p >= 0.5 ? "ct-row ct-strong" : "ct-row", el("span", "", name), bar, el("span", "ct-num", percent(p)));
}

function drawScores(scores, { say, conf }) {
  if (!scores) return [el("p", "ct-meta", say("unscored"))];
  const fill = el("div", `ct-${scores.band}`);
  fill.style.width = `${scores.incivility * 100}%`;
  const parts = [
    heading(say("incivility")),
    el("div", "ct-big", el("span", "", conf.bands[scores.band]), el("span", "ct-num", percent(scores.incivility))),
    attributes(el("div", "ct-bar ct-wide", fill), { "aria-hidden": "true" }),
  ];
  if (scores.action) {
    const text = say("action", { action: conf.actions[scores.action] });
    parts.push(el("div", "", el("span", `ct-chip ct-${scores.action}`, text)));
  }
  parts.push(heading(say("severity")));
  if (scores.severity !== null) parts.push(el("div", "ct-strong", conf.severities[scores.severity]));
  for (const [name, p] of scores.levels) parts.push(row(conf.levels[name], p));
  const names = Object.fromEntries(conf.subtypes);
  parts.push(heading(say("subtypes")), ...scores.subtypes.map(([name, p]) => row(names[name], p)));
  parts.push(heading(say("stance")), ...drawStance(scores, { say, conf }));
  parts.push(el("p", "ct-meta", say("bundle", { bundle: scores.bundle })));
  return parts;
}

function drawStance(scores, { say, conf }) {
  if (!scores.stance) return [el("p", "ct-meta", say("stance.unknown"))];
  const names = Object.fromEntries(conf.stances);
  const target = isolated(scores.target || "?", say);
  const line = el("div", "", el("span", "ct-strong", names[scores.stance]), ` ${say("stance.target")} `, target);
  return [line, ...scores.stances.filter(([, p]) => p !== null).map(([name, p]) => row(names[name], p))];
}

function drawSame(same, ask) {
  const { say } = ask;
  const title = same.length === 1 ? say("same.one") : say("same", { n: same.length });
  const list = el("ul", "ct-list");
  for (const one of same.slice(0, 8)) {
    const told = [one.author && say("author", { author: one.author }), one.when, one.title].filter(Boolean);
    list.append(write(el("li", ""), told.join(" · ") || one.id, say));
  }
  const node = el("section", "ct-same", heading(title), el("p", "ct-meta", say("same.how")), list);
  if (same.length > 8) node.append(el("p", "ct-meta", `+ ${same.length - 8}`));
  return attributes(node, { "aria-label": title });
}

function drawHistory(card, history, { say, conf }) {
  const node = attributes(el("section", "", heading(say("history"))), { "aria-label": say("history") });
  node.append(write(el("div", "ct-meta"), say("author", { author: card.author }), say));
  if (!history || !history.decided) {
    node.append(el("p", "ct-meta", say("history.none")));
    return node;
  }
  const { decided, rejected, rate } = history;
  node.append(el("p", "ct-strong", say("history.rate", { decided, rejected, rate: percent(rate || 0) })));
  const list = el("ul", "ct-list");
  for (const one of history.recent) {
    list.append(el("li", "", el("span", "ct-tag", conf.states[one.status] || one.status), " ", isolated(one.text, say)));
  }
  node.append(list);
  return node;
}

function drawThread(beside, { say, conf }) {
  const node = el("details", "ct-thread", el("summary", "", say("thread")));
  node.open = matchMedia("(min-width: 761px)").matches;
  const list = el("ol", "ct-list");
  for (const one of beside.thread) {
    const state = one.here ? say("thread.here") : conf.states[one.status] || one.status;
    const told = [one.author, one.when, state].filter(Boolean).join(" · ");
    const item = el("li", one.here ? "ct-here" : "", write(el("div", "ct-meta"), told, say), block("ct-said", one.text, say));
    if (one.here) item.setAttribute("aria-current", "true");
    list.append(item);
  }
  node.append(list);
  if (beside.cut) node.append(el("p", "ct-meta", say("thread.cut", { n: beside.thread.length })));
  return node;
}
