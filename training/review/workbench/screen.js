// The workbench's frame: states, notices, the comment, what stands beside it, and the buttons.

const BUTTONS = ["approve", "reject", "reason", "skip", "escalate", "undo", "previous", "next", "label", "help"];
const BUTTON_KEYS = Object.fromEntries(HELP.map(([name, keys]) => [name, keys[0]]));

class Screen {
  constructor(root, act) {
    this.act = act;
    this.root = el("div", "ct-desk");
    this.states = el("nav", "ct-states");
    this.notices = el("div", "ct-notices");
    this.link = attributes(el("div", "ct-link-state"), { role: "status" });
    this.card = el("article", "ct-card");
    this.side = el("aside", "ct-side");
    this.form = el("section", "ct-form");
    this.bar = attributes(el("div", "ct-actions"), { role: "toolbar" });
    this.said = attributes(el("div", "ct-said-line"), { role: "status", "aria-live": "polite" });
    this.spoken = attributes(el("div", "ct-spoken"), { "aria-live": "polite", "aria-atomic": "true" });
    this.over = el("div", "ct-over");
    this.over.hidden = true;
    this.around = el("div", "ct-around");
    const grid = el("div", "ct-grid", el("div", "ct-main", this.card, this.form), this.side, this.around);
    const foot = el("div", "ct-foot", this.over, this.said, this.bar);
    this.root.append(this.states, this.link, this.notices, grid, foot, this.spoken);
    root.append(this.root);
  }

  name(conf, say) {
    this.conf = conf;
    this.say = say;
    this.root.lang = "fr";
    attributes(this.root, { role: "region", "aria-label": say("region") });
    this.states.setAttribute("aria-label", say("states"));
    this.side.setAttribute("aria-label", say("aside"));
    this.bar.setAttribute("aria-label", say("actions"));
    this.bar.replaceChildren(...BUTTONS.map((name) => this.button(name)));
  }

  button(name) {
    const key = BUTTON_KEYS[name];
    const node = el("button", `ct-button ct-${name}`, el("span", "", this.say(name)), el("kbd", "", key));
    node.type = "button";
    node.title = this.say(`${name}.help`);
    node.setAttribute("aria-keyshortcuts", key);
    const decides = ["approve", "reject", "reason", "skip", "escalate", "undo"].includes(name);
    if (decides && !this.conf.decide) node.disabled = true;
    if (name === "label" && !this.conf.label) node.disabled = true;
    node.addEventListener("click", (event) => this.act({ name }, event));
    return node;
  }

  counts(counts, status) {
    const buttons = this.conf.statuses.map(([name, text]) => {
      const n = counts && counts[name] !== undefined ? number(counts[name]) : "…";
      const node = el("button", "ct-state", `${text} · ${n}`);
      node.type = "button";
      if (name === status) node.setAttribute("aria-current", "page");
      node.addEventListener("click", () => this.act({ name: "view", value: name }));
      return node;
    });
    // the button that has the focus stays where it is: only its words change
    const old = Array.from(this.states.children);
    if (old.length !== buttons.length) this.states.replaceChildren(...buttons);
    else {
      buttons.forEach((fresh, at) => {
        if (old[at].textContent !== fresh.textContent) old[at].textContent = fresh.textContent;
        if (fresh.hasAttribute("aria-current")) old[at].setAttribute("aria-current", "page");
        else old[at].removeAttribute("aria-current");
      });
    }
  }

  show(card, parts) {
    this.card.replaceChildren(parts.card);
    this.side.replaceChildren(el("div", "ct-panel", ...parts.aside));
    this.around.replaceChildren(...parts.around);
    this.card.dataset.id = card.id;
    this.root.classList.remove("ct-nothing");
  }

  empty(text, extra) {
    delete this.card.dataset.id;
    this.root.classList.add("ct-nothing");
    this.card.replaceChildren(el("div", "ct-notice", text), ...extra);
    this.side.replaceChildren();
    this.around.replaceChildren();
  }

  // In a long thread the comment itself is what the list shows first.
  findHere() {
    const here = this.around.querySelector(".ct-thread[open] .ct-here");
    if (here) here.parentNode.scrollTop = here.offsetTop - here.parentNode.offsetTop - 30;
  }

  // A comment begins where it can be read, however far the one before was scrolled.
  top() {
    const text = this.card.querySelector(".ct-text");
    const { top } = (text || this.card).getBoundingClientRect();
    if (top < 40 || top > 0.6 * innerHeight) this.card.scrollIntoView({ block: "start" });
  }

  // What was just done, in a line that screen readers say too.
  tell(text, level = "info") {
    this.said.className = `ct-said-line ct-${level}`;
    this.said.textContent = text;
  }

  speak(text) {
    this.spoken.textContent = text;
  }

  connection(text, level) {
    this.link.className = text ? `ct-link-state ct-notice ct-${level}` : "ct-link-state";
    if (this.link.textContent !== text) this.link.textContent = text;
  }

  // A warning stays until it was read; `about` says which comment it speaks of.
  warn(message, about, level = "warning") {
    const node = attributes(el("div", `ct-notice ct-${level}`), { role: "alert" });
    write(node, message, this.say);
    if (about) node.append(" ", el("span", "ct-meta", `${this.say("about")} `), el("q", "", isolated(about, this.say)));
    const close = el("button", "ct-link", this.say("dismiss"));
    close.type = "button";
    close.addEventListener("click", () => node.remove());
    node.append(" ", close);
    this.notices.append(node);
    while (this.notices.children.length > 5) this.notices.firstChild.remove();
  }

  help() {
    const list = el("dl", "ct-keys");
    for (const [name, keys] of HELP) {
      const terms = keys.map((key) => el("kbd", "", key));
      list.append(el("dt", "", ...terms), el("dd", "", this.say(`${name}.help`)));
    }
    this.open(this.say("help.title"), [list, meta(this.say("help.typing"), this.say), meta(this.say("help.log"), this.say)]);
  }

  reasons(suggested) {
    const list = el("div", "ct-reasons-list");
    this.conf.reasons.forEach(([code, label], at) => {
      const key = REASON_KEYS[at].toUpperCase();
      const node = el("button", "ct-button", el("kbd", "", key), el("span", "", label));
      node.type = "button";
      if (code === suggested) node.append(el("span", "ct-chip", this.say("reasons.suggested")));
      node.addEventListener("click", (event) => this.act({ name: "reasoned", value: at }, event));
      list.append(node);
    });
    this.open(this.say("reasons"), [list, meta(this.say("reasons.hint"), this.say)]);
  }

  open(title, parts) {
    const close = el("button", "ct-link", this.say("close"));
    close.type = "button";
    close.addEventListener("click", () => this.act({ name: "escape" }));
    this.over.replaceChildren(el("div", "ct-over-head", el("h2", "", title), close), ...parts);
    attributes(this.over, { role: "group", "aria-label": title, tabindex: "-1" });
    this.over.hidden = false;
    this.over.focus({ preventScroll: true });
  }

  close() {
    this.over.hidden = true;
    this.over.replaceChildren();
  }
}
