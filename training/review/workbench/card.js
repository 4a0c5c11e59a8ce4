// The comment under review, with what it answers and why the model judges it so.

function meta(text, say) {
  return write(el("div", "ct-meta"), text, say);
}

function drawCard(card, known, label, ask) {
  const { say, conf } = ask;
  const title = block("ct-article", card.title || say("article.none"), say);
  const head = el("header", "ct-head", meta([say("article"), card.place].filter(Boolean).join(" · "), say), title);
  if (card.parent) {
    head.append(meta(say("parent"), say), el("blockquote", "ct-quote", block("ct-parent", card.parent, say)));
  } else if (card.orphan) {
    head.append(meta(say("parent.missing"), say));
  }
  const chosen = chooseEvidence(known, label);
  const text = marked(card.text, chosen ? chosen.spans : [], chosen ? conf.labels[chosen.label] || chosen.label : "", say);
  text.id = "ct-comment";
  attributes(text, { tabindex: "0", role: "group", "aria-label": say("comment") });
  const node = el("div", "ct-body", head, meta(facts(card, ask), say));
  if (card.note) node.append(attributes(write(el("div", "ct-notice ct-warning"), card.note, say), { role: "alert" }));
  node.append(text);
  if (card.size > Array.from(card.text).length) {
    const more = el("button", "ct-link", say("more", { n: number(card.size) }));
    more.type = "button";
    more.addEventListener("click", () => ask.full(card.id));
    node.append(more);
  }
  const given = labelsGiven(card.labels, ask);
  if (given) node.append(meta(say("given", { labels: given }), say));
  node.append(drawEvidence(card, known, chosen, ask));
  return node;
}

function facts(card, { say, conf, status }) {
  const parts = [say("comment")];
  if (card.author) parts.push(say("author", { author: card.author }));
  if (card.when) parts.push(card.when);
  if (card.size > 1000) parts.push(say("length", { n: number(card.size) }));
  if (card.status !== status || status !== "pending") {
    const state = conf.states[card.status] || card.status;
    parts.push(card.by && card.at ? say("by", { status: state, who: card.by, when: card.at }) : state);
  }
  return parts.join(" · ");
}

function labelsGiven(labels, { say, conf }) {
  const names = Object.fromEntries(conf.subtypes);
  const stances = Object.fromEntries(conf.stances);
  return Object.entries(labels)
    .map(([name, value]) => {
      if (name === "severity") return conf.severities[value];
      if (name === "stance") return `${say("form.stance")} : ${stances[value]}`;
      return `${names[name] || conf.labels[name] || name} : ${say(value ? "yes" : "no")}`;
    })
    .join(", ");
}

function chooseEvidence(known, label) {
  if (!known || !known.labels.length) return null;
  return known.labels.find((one) => one.label === label) || known.labels[0];
}

function drawEvidence(card, known, chosen, ask) {
  const { say, conf } = ask;
  const node = el("section", "ct-evidence");
  attributes(node, { "aria-label": say("evidence") });
  if (!known) {
    node.append(meta(say("evidence.wait"), say));
    return node;
  }
  if (known.read.length) node.append(disguised(known.read, say));
  if (known.error) node.append(write(el("div", "ct-notice ct-error"), say("evidence.error", { what: known.error }), say));
  else if (!chosen) node.append(meta(say("evidence.none"), say));
  if (!chosen) return node;
  const choice = el("div", "ct-choice", el("span", "ct-meta", say("evidence")));
  for (const one of known.labels) {
    const pick = el("button", "ct-pill", conf.labels[one.label] || one.label);
    pick.type = "button";
    pick.setAttribute("aria-pressed", String(one === chosen));
    pick.addEventListener("click", () => ask.mark(one.label));
    choice.append(pick);
  }
  const list = el("ul", "ct-reasons");
  for (const [piece, weight] of chosen.top) {
    const words = piece === null ? el("i", "", say("evidence.whole")) : isolated(piece, say);
    list.append(el("li", weight > 0 ? "ct-for" : "ct-against", words, el("span", "ct-num", signed(weight))));
  }
  node.append(choice, list, meta(say("evidence.legend"), say));
  if (known.bundle) node.append(meta(say("evidence.other", { bundle: known.bundle }), say));
  return node;
}

function disguised(pairs, say) {
  const node = el("div", "ct-read", el("span", "ct-meta", say("read")));
  for (const [before, after] of pairs) {
    node.append(el("span", "", isolated(before, say), " → ", el("b", "", isolated(after, say))));
  }
  return node;
}
