// Keys: Coral's where it has them (F, D, J, K, ?), what this app had before (Z, H), letters for the rest.

const KEYS = {
  f: "approve",
  d: "reject",
  m: "reason",
  j: "skip",
  s: "skip",
  e: "escalate",
  z: "undo",
  n: "next",
  arrowright: "next",
  k: "previous",
  arrowleft: "previous",
  l: "label",
  g: "same",
  t: "state",
  w: "mark",
  h: "help",
  "?": "help",
  escape: "escape",
};

// Shown in the help, in this order, with the keys that do it.
const HELP = [
  ["approve", ["F"]],
  ["reject", ["D"]],
  ["reason", ["M"]],
  ["skip", ["J", "S"]],
  ["escalate", ["E"]],
  ["undo", ["Z"]],
  ["next", ["N", "→"]],
  ["previous", ["K", "←"]],
  ["label", ["L", "0–3"]],
  ["same", ["G"]],
  ["state", ["T"]],
  ["mark", ["W"]],
  ["help", ["?", "H"]],
  ["escape", ["Échap"]],
];

const STANCE_KEYS = { p: "favor", c: "against", o: "none" };
// without the letters that decide: a hand that is used to them must not give a reason
const REASON_KEYS = "123456789abcghiklnopqrtuvwxy";

const TYPED =
  'input, textarea, select, [contenteditable="true"], [role="combobox"], [role="listbox"], [role="slider"],' +
  ' [role="spinbutton"], [role="textbox"], [role="menu"], [role="grid"]';
const PRESSED = 'button, a, summary, [role="tab"], [role="button"]';

// The digit of a key wherever the layout puts it: a French keyboard has it behind Shift.
function digitOf(event) {
  const found = /^(Digit|Numpad)([0-9])$/.exec(event.code || "");
  if (found) return found[1] === "Digit" || /^[0-9]$/.test(event.key) ? Number(found[2]) : null;
  return /^[0-9]$/.test(event.key) ? Number(event.key) : null;
}

function within(event, selector) {
  return event.composedPath().some((node) => node instanceof Element && node.matches(selector));
}

// What a key asks for: {name, value}; null where it is not for the workbench.
function readKey(event, mode) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  if (event.getModifierState && event.getModifierState("AltGraph")) return null;
  if (within(event, TYPED)) return null;
  const key = event.key.toLowerCase();
  const digit = digitOf(event);
  if (mode === "reasons") return readReason(key, digit, event);
  if (key === "enter" && mode === "form" && !within(event, PRESSED)) return { name: "save" };
  if (digit !== null && !(mode !== "form" && digit > 3)) return { name: "digit", value: digit };
  if (mode === "form" && STANCE_KEYS[key]) return { name: "stance", value: STANCE_KEYS[key] };
  if (key === "d" && event.shiftKey) return { name: "reason" };
  if (key.startsWith("arrow") && (event.shiftKey || within(event, `${PRESSED}, .ct-text, .ct-parent`))) return null;
  return KEYS[key] ? { name: KEYS[key] } : null;
}

function readReason(key, digit, event) {
  if (key === "escape") return { name: "escape" };
  if (key === "enter") return within(event, PRESSED) ? null : { name: "reasoned", value: null };
  const at = digit !== null ? digit - 1 : REASON_KEYS.indexOf(key);
  return key.length === 1 && at >= 0 ? { name: "reasoned", value: at } : null;
}
