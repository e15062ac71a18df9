// Follows runs that are being written, on pages that are served: asks for newer data and shows them
// in place. What the reader has chosen, opened, typed and scrolled to stays.

const LIVE_ADDRESS = document.querySelector('meta[name="live-address"]');
const LIVE_HOME = document.querySelector('meta[name="live-home"]');
const LIVE_VERSION = document.querySelector('meta[name="live-version"]');
const LEAST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const AT_WORK = 1200;
const live = { version: "", state: "", problem: "", missing: [], paused: false, wait: LEAST_WAIT, cost: 0, touched: 0, asking: false, timer: 0, idle: 0, waiting: null };

/** Starts to follow where the page was served for it. */
function follow() {
  if (!LIVE_ADDRESS) {
    return;
  }
  live.version = LIVE_VERSION.content;
  fill("network-note", "This page asks its own server for newer data and nobody else.");
  const pause = h("button", { type: "button", id: "live-pause", "aria-pressed": "false", on: { click: () => {
    live.paused = !live.paused;
    pause.setAttribute("aria-pressed", String(live.paused));
    tellLive();
    showWhenIdle();
    ask();
  } } }, "Pause updates");
  document.querySelector(".top .wrap").append(
    h("p", { class: "live row no-print" }, h("span", { id: "live-state", role: "status" }), h("span", { id: "live-at", class: "small" }), pause,
      LIVE_HOME.content ? h("a", { id: "live-home", href: LIVE_HOME.content }, "All runs") : null));
  ["pointerdown", "pointermove", "keydown", "wheel", "touchmove"].forEach(name =>
    document.addEventListener(name, () => { live.touched = performance.now(); }, { passive: true, capture: true }));
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  ask();
}

function askAgain(wait) {
  clearTimeout(live.timer);
  live.timer = setTimeout(ask, wait);
}

async function ask() {
  if (live.asking) {
    return;
  }
  if (document.hidden || live.paused) {
    askAgain(LEAST_WAIT);
    return;
  }
  live.asking = true;
  try {
    const answer = await fetch(LIVE_ADDRESS.content + "?have=" + encodeURIComponent((live.waiting || live).version), { cache: "no-store" });
    if (!answer.ok) {
      throw new Error("the server answers " + answer.status + (answer.status === 403 ? "; open the address that it printed when it started" : ""));
    }
    hear(await answer.json());
    live.wait = Math.max(LEAST_WAIT, 10 * live.cost) * (live.state === "closed" ? 5 : 1);
  } catch (error) {
    live.state = "lost";
    live.problem = error instanceof TypeError ? "the server does not answer" : error.message;
    live.wait = Math.min(LONGEST_WAIT, 2 * live.wait);
  }
  live.asking = false;
  tellLive();
  askAgain(live.wait);
}

function hear(news) {
  Object.assign(live, { state: news.state, problem: news.problem, missing: news.missing });
  if (news.data) {
    live.waiting = news;
    showWhenIdle();
  }
}

/** Whether the reader is using the page, so that it should not change at this moment. */
function atWork() {
  const selection = document.getSelection();
  return performance.now() - live.touched < AT_WORK || (selection && !selection.isCollapsed)
    || (document.activeElement instanceof HTMLSelectElement && performance.now() - live.touched < 10 * AT_WORK);
}

function showWhenIdle() {
  const news = live.waiting;
  if (!news || live.paused) {
    return;
  }
  if (atWork()) {
    clearTimeout(live.idle);
    live.idle = setTimeout(showWhenIdle, AT_WORK / 4);
    return;
  }
  live.waiting = null;
  live.version = news.version;
  const begin = performance.now();
  try {
    renewPage(news.data);
  } catch (error) {
    console.error(error);
    location.reload(); // what was chosen is lost, but what is shown is right
    return;
  }
  live.cost = performance.now() - begin;
  tellLive();
}

/** Builds the page from newer data within one task, so that nothing flickers. */
function renewPage(newer) {
  const kept = remember();
  dropCharts(document.body);
  listeners.length = 0;
  Object.keys(data).forEach(key => delete data[key]);
  Object.assign(data, newer);
  start();
  restore(kept);
  charts.filter(chart => nearView(chart.host)).forEach(draw);
  document.documentElement.setAttribute("data-version", live.version);
}

function nearView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > -200 && top < window.innerHeight + 200;
}

const KEPT_FIELDS = "select[id], input[id]";
const KEPT_SCROLLS = ".scroll, .probe-text";

/** The place of an element among those that a selector finds in the nearest element with an id. */
function placeOf(element, selector) {
  const home = element.parentElement.closest("[id]");
  return home ? home.id + "/" + [...home.querySelectorAll(selector)].indexOf(element) : "";
}

function elementAt(place, selector) {
  const cut = place.lastIndexOf("/");
  const home = cut > 0 ? byId(place.slice(0, cut)) : null;
  return home ? [...home.querySelectorAll(selector)][Number(place.slice(cut + 1))] : undefined;
}

function fieldKept(field) {
  const option = field instanceof HTMLSelectElement ? field.selectedOptions[0] : undefined;
  return { id: field.id, value: field.value, text: option ? option.textContent : null, last: field.type === "range" && field.value === field.max };
}

function remember() {
  const all = selector => [...document.querySelectorAll(selector)];
  const seen = all("main > section").find(section => section.getBoundingClientRect().bottom > 0);
  const focus = document.activeElement;
  return {
    fields: all(KEPT_FIELDS).map(fieldKept),
    details: all("main details").map(one => [placeOf(one, "details"), one.open]),
    scrolls: all(KEPT_SCROLLS).filter(one => one.scrollTop || one.scrollLeft)
      .map(one => [placeOf(one, KEPT_SCROLLS), one.scrollTop, one.scrollLeft]),
    seen, top: seen ? seen.getBoundingClientRect().top : 0,
    focus: focusKept(focus), caret: focus instanceof HTMLInputElement && focus.type === "search" ? focus.selectionStart : null,
  };
}

/** How to find the element with the focus again. */
function focusKept(element) {
  if (!element || !document.body.contains(element.parentElement)) {
    return null;
  }
  return element.id ? { id: element.id } : { place: placeOf(element, element.tagName), tag: element.tagName };
}

function restore(kept) {
  kept.fields.forEach(restoreField);
  kept.details.forEach(([place, open]) => {
    const found = elementAt(place, "details");
    if (found && found.open !== open) {
      found.open = open;
    }
  });
  kept.scrolls.forEach(([place, top, left]) => {
    const found = elementAt(place, KEPT_SCROLLS);
    if (found) {
      found.scrollTo(left, top);
    }
  });
  restoreFocus(kept);
  if (kept.seen) {
    window.scrollBy({ top: kept.seen.getBoundingClientRect().top - kept.top, behavior: "instant" });
  }
}

/** Gives a field its value again, a list by its words; a slider at its end stays at the end. */
function restoreField({ id, value, text, last }) {
  const field = byId(id);
  if (!field) {
    return;
  }
  let wanted = last ? field.max : value;
  if (field instanceof HTMLSelectElement) {
    const options = [...field.options];
    const found = options.find(option => option.textContent === text && option.value === value) || options.find(option => option.textContent === text);
    if (!found) {
      return;
    }
    wanted = found.value;
  }
  if (field.value !== wanted) {
    field.value = wanted;
    field.dispatchEvent(new Event(field instanceof HTMLSelectElement ? "change" : "input", { bubbles: true }));
  }
}

function restoreFocus({ focus, caret }) {
  const found = focus && (focus.id ? byId(focus.id) : elementAt(focus.place, focus.tag));
  if (found && found !== document.activeElement) {
    found.focus({ preventScroll: true });
    if (caret !== null && found instanceof HTMLInputElement) {
      found.setSelectionRange(caret, caret);
    }
  }
}

const LIVE_STATES = { open: "Being written", closed: "Finished", waiting: "Waiting for the run file", lost: "Not connected", "": "Connecting" };

function tellLive() {
  const missing = live.missing.length ? " Not there yet: " + live.missing.join(", ") + "." : "";
  const text = LIVE_STATES[live.state] + (live.paused ? ", updates paused" : "") + (live.problem ? ": " + live.problem : "") + "." + missing;
  const state = byId("live-state");
  if (state.textContent !== text) {
    state.textContent = text;
  }
  byId("live-state").setAttribute("data-state", live.state);
  const last = data.runs.map(run => run.name + " at iteration " + whole(run.iterations));
  byId("live-at").textContent = clip(last.join(", "), 160);
}
