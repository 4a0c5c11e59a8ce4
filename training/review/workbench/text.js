// Comments are drawn as text nodes only: nothing in them is ever read as markup.

const HIDDEN = /[\p{Cf}\p{Cc}\p{Cs}\p{Co}]/u;
const KEPT = new Set(["\n", "\t", "\u200d", "\ufe0f"]); // joiners build emoji; hiding them would split these

function el(tag, name, ...children) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
  return node;
}

function attributes(node, values) {
  for (const [name, value] of Object.entries(values)) node.setAttribute(name, value);
  return node;
}

function hides(character, before) {
  if (character === "\u200d") return !(before && before.codePointAt(0) > 0x2000);
  return !KEPT.has(character) && HIDDEN.test(character);
}

// Put `text` into `node`; what cannot be seen, or turns the writing round, becomes a visible box.
function write(node, text, say) {
  const plain = text.replace(/\r\n?/g, "\n");
  if (!HIDDEN.test(plain.replace(/[\n\t]/g, ""))) {
    node.append(plain);
    return node;
  }
  let run = "";
  let before = "";
  for (const character of plain) {
    if (hides(character, before)) {
      const code = character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
      const box = el("span", "ct-hidden", "▯");
      box.title = say("hidden", { code: `U+${code}` });
      node.append(run, box);
      run = "";
    } else {
      run += character;
    }
    before = character;
  }
  node.append(run);
  return node;
}

function block(name, text, say) {
  const node = el("div", name);
  node.dir = "auto";
  return write(node, text, say);
}

function isolated(text, say) {
  return write(el("bdi"), text, say);
}

// Text with stretches marked: [begin, end, strength, weight] in UTF-16 units, in order.
function marked(text, spans, name, say) {
  const node = el("div", "ct-text");
  node.dir = "auto";
  let end = 0;
  for (const [begin, stop, strength, weight] of spans) {
    if (begin < end || stop > text.length) continue;
    if (begin > end) write(node, text.slice(end, begin), say);
    const side = strength > 0 ? "up" : "down";
    const mark = write(el("mark", `ct-${side}${Math.abs(strength)}`), text.slice(begin, stop), say);
    const told = `${name} : ${signed(weight)}`;
    attributes(mark, { tabindex: "0", "data-weight": told, "aria-description": told });
    node.append(mark);
    end = stop;
  }
  if (end < text.length) write(node, text.slice(end), say);
  return node;
}

function percent(p) {
  if (p > 0 && p < 0.005) return "<\u00a01\u00a0%";
  if (p >= 0.995 && p < 1) return ">\u00a099\u00a0%";
  return `${Math.round(p * 100)}\u00a0%`;
}

function signed(weight) {
  const text = Math.abs(weight).toFixed(2).replace(".", ",");
  return (weight < 0 ? "−" : "+") + text;
}

function number(n) {
  return String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

function excerpt(text, most) {
  const flat = text.replace(/\s+/g, " ").trim();
  const letters = Array.from(flat.slice(0, most * 2));
  return letters.length > most ? `${letters.slice(0, most).join("")}…` : flat;
}
