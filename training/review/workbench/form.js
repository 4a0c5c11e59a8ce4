// Labels by keys: nothing is filled in for the moderator, the model's view stands beside.

class LabelForm {
  constructor(node, act) {
    this.node = node;
    this.act = act;
    this.given = {};
    this.opened = false;
  }

  get any() {
    return Object.keys(this.given).length > 0;
  }

  open(card, conf, say) {
    Object.assign(this, { card, conf, say, opened: true });
    this.draw();
  }

  close() {
    this.opened = false;
    this.given = {};
    this.node.replaceChildren();
  }

  digit(value) {
    if (value <= 3) this.set("severity", this.given.severity === value ? undefined : value);
    else this.cycle(this.conf.subtypes[value - 4][0]);
  }

  stance(value) {
    this.set("stance", this.given.stance === value ? undefined : value);
  }

  cycle(name) {
    const after = { undefined: 1, 1: 0, 0: undefined };
    this.set(name, after[this.given[name]]);
  }

  set(name, value) {
    if (value === undefined) delete this.given[name];
    else this.given[name] = value;
    this.draw();
  }

  draw() {
    const { conf, say, card, given } = this;
    const scores = card.scores;
    const severity = conf.severities.map((text, level) =>
      this.pick(String(level), text.replace(/^\d · /, ""), given.severity === level, () => this.digit(level)),
    );
    const likely = Object.fromEntries(scores ? scores.subtypes : []);
    const subtypes = conf.subtypes.map(([name, text], at) => {
      const answer = given[name] === undefined ? "" : ` : ${say(given[name] ? "yes" : "no")}`;
      const model = likely[name] === undefined ? "" : ` (${percent(likely[name])})`;
      return this.pick(String(at + 4), text + model + answer, given[name] !== undefined, () => this.cycle(name));
    });
    const stances = conf.stances.map(([name, text]) => {
      const key = Object.keys(STANCE_KEYS).find((one) => STANCE_KEYS[one] === name);
      return this.pick(key.toUpperCase(), text, given.stance === name, () => this.stance(name));
    });
    const save = el("button", "ct-button", el("span", "", say("form.save")), el("kbd", "", "Entrée"));
    save.type = "button";
    save.addEventListener("click", (event) => this.act({ name: "save" }, event));
    const model = scores && scores.severity !== null ? ` (${conf.severities[scores.severity]})` : "";
    this.node.replaceChildren(
      el("h3", "", say("form")),
      this.line(say("form.severity") + model, severity),
      this.line(say("subtypes"), subtypes),
      this.line(say("form.stance"), stances),
      el("div", "ct-choice", save, el("span", "ct-meta", say("form.hint"))),
    );
  }

  line(name, picks) {
    const node = el("div", "ct-choice", el("span", "ct-meta", name), ...picks);
    return attributes(node, { role: "group", "aria-label": name });
  }

  pick(key, text, on, pressed) {
    const node = el("button", "ct-pill", el("kbd", "", key), text);
    node.type = "button";
    node.setAttribute("aria-pressed", String(on));
    node.addEventListener("click", () => {
      const at = Array.from(this.node.querySelectorAll("button")).indexOf(node);
      pressed();
      this.node.querySelectorAll("button")[at]?.focus();
    });
    return node;
  }
}
