// Elements and numbers. Text from the recordings goes through text nodes only.

/** An element with attributes and children; strings become text nodes. */
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) {
        element.addEventListener(event, listener);
      }
    } else if (value !== false && value !== undefined && value !== null) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) {
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
  return element;
}

function byId(id) {
  return document.getElementById(id);
}

function fill(id, ...children) {
  byId(id).replaceChildren(...children);
}

/** Hyphens before digits become minus signs; percent signs stay with their numbers. */
function minus(text) {
  return String(text).replace(/(^|[\s([+])-(?=[\d.])/g, "$1\u2212").replace(/(\d) %/g, "$1\u00a0%");
}

/** About four significant digits of numbers of a size. */
function num(value, sign, size = Math.abs(value)) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return "\u2013";
  }
  let text;
  if (size !== 0 && (size < 0.001 || size >= 1e6)) {
    text = value.toExponential(2);
  } else {
    text = value.toFixed(size >= 1000 || size === 0 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4);
  }
  return (sign && value > 0 ? "+" : "") + minus(text);
}

/** Whole numbers with thin spaces between thousands. */
function whole(value) {
  return minus(String(value).replace(/\B(?=(\d{3})+$)/g, "\u2009"));
}

function count(n, noun) {
  return whole(n) + " " + noun + (n === 1 ? "" : "s");
}

/** Table cell of [mean, low, high, count]. */
function intervalCell(interval, sign) {
  const [mean, low, high] = interval;
  const size = low === null ? undefined : Math.max(Math.abs(low), Math.abs(high));
  return h("td", { class: "num" }, num(mean, sign, size),
    low === null ? null : h("span", { class: "interval" }, num(low, sign, size) + " \u2026 " + num(high, sign, size)));
}

/** A table in a region that scrolls by itself and by keyboard, with its caption above. */
function table(caption, head, rows, flat) {
  return h("div", {}, h("p", { class: "caption", dir: "auto" }, caption),
    h("div", { class: flat ? "scroll flat" : "scroll", tabindex: "0", role: "region", "aria-label": caption },
      h("table", { "aria-label": caption },
        h("thead", {}, h("tr", {}, head.map(cell => cell instanceof Node ? cell : h("th", { scope: "col" }, cell)))),
        h("tbody", {}, rows))));
}
