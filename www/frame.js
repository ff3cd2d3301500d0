// What an exhibit does in a frame of a slide deck or a course page: it gives the deck's keys back, says how high it is, rests when
// nobody sees it, and answers its host. The messages are described on embedding.html.
(() => {
  "use strict";
  const host = window.parent;
  if (host === window) return;
  // Nothing where the host is of another origin.
  const frame = window.frameElement;

  const VERSION = 1;
  const LARGEST = 65536; // letters of a message
  const MOST = 60; // messages a second
  const LONGEST = 8192; // letters of a state, as everywhere
  const OPTIONS = ["ui", "panel", "hide", "lock", "theme", "scale", "play", "still"];
  let dropped = 0;
  // Whether the host has spoken: then it turns the slides, and no other way is tried.
  let attended = false;

  // The height is in every message, because there are hosts that take it from whatever comes.
  let told = 0;
  const post = (message) => host.postMessage({ piecewise: VERSION, height: told || window.innerHeight, ...message }, "*");
  const address = () => {
    const [, name = "", query = ""] = /^#\/([^?]*)\??(.*)$/.exec(location.hash) || [];
    const pairs = query.split("&").filter(Boolean);
    const isOption = (pair) => OPTIONS.includes(pair.split("=")[0]);
    return { name, state: pairs.filter((pair) => !isOption(pair)).join("&"), options: pairs.filter(isOption) };
  };
  // A sandboxed frame on the disk may not go to its own address, but may say that it is there; a frame without an address only goes.
  function visit(address) {
    try {
      history.replaceState(null, "", address);
      window.dispatchEvent(new HashChangeEvent("hashchange"));
    } catch {
      location.hash = address;
    }
  }
  if (location.protocol === "file:") {
    window.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href^='#/']");
      if (!link) return;
      event.preventDefault();
      visit(link.getAttribute("href"));
    });
  }
  // The program follows the address, as it follows a link: whatever a host sends is read like a link, with the same limits.
  const go = (state) => {
    const { name, options } = address();
    const query = [state, ...options].filter(Boolean).join("&");
    visit(`#/${name}${query ? `?${query}` : ""}`);
  };

  // The deck's keys.

  const CODES = { PageUp: 33, PageDown: 34, End: 35, Home: 36, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, " ": 32, Escape: 27 };
  const FORTH = ["PageDown", "ArrowRight", "ArrowDown", " "];
  const BACK = ["PageUp", "ArrowLeft", "ArrowUp"];

  function hand(event) {
    const { key, code, shiftKey } = event;
    if (!attended) turn(key, code, shiftKey);
    post({ event: "key", key, code, shiftKey });
  }
  function turn(key, code, shiftKey) {
    try {
      // A host of the same origin gets the key as if it had been pressed there.
      const page = host.document;
      const init = { key, code, shiftKey, keyCode: CODES[key], which: CODES[key], bubbles: true, cancelable: true };
      (page.body || page).dispatchEvent(new host.KeyboardEvent("keydown", init));
    } catch {
      // reveal.js listens to messages from its frames.
      const method = FORTH.includes(key) ? "next" : BACK.includes(key) ? "prev" : "";
      if (method) host.postMessage(JSON.stringify({ method }), "*");
    }
  }

  const plain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey && event.key in CODES;
  // A clicker sends PageUp and PageDown. They turn slides whatever has the focus.
  window.addEventListener("keydown", (event) => {
    if (!plain(event) || !event.key.startsWith("Page")) return;
    event.preventDefault();
    event.stopPropagation();
    hand(event);
  }, true);
  // The others only when nothing here has a use for them.
  window.addEventListener("keydown", (event) => {
    if (!plain(event) || event.defaultPrevented) return;
    if (event.key === "Escape") {
      // The keyboard alone is given back: to reveal.js the key itself would mean its overview.
      if (document.activeElement) document.activeElement.blur();
      if (frame) frame.blur();
      host.focus();
    } else if (!document.activeElement || document.activeElement === document.body) {
      event.preventDefault();
      hand(event);
    }
  });

  // Seen or not. A frame that is not displayed is told nothing of itself, so a host of the same origin is asked.

  const seen = frame ? new host.IntersectionObserver(look) : new IntersectionObserver(look);
  seen.observe(frame || document.documentElement);
  window.addEventListener("pagehide", () => seen.disconnect());
  function look(entries) {
    document.documentElement.toggleAttribute("data-unseen", !entries.at(-1).isIntersecting);
  }

  // Decks scale their slides as they like, and no event says so. The program draws anew when its window is resized.

  let shown = 0;
  if (frame) {
    setInterval(() => {
      const { width } = frame.getBoundingClientRect();
      if (!width || width === shown) return;
      shown = width;
      window.dispatchEvent(new Event("resize"));
    }, 500);
  }

  // reveal.js loads a frame anew when its slide comes back, from this attribute. So it is kept up to date, where we may.

  function remember() {
    if (frame && frame.dataset.src) frame.dataset.src = location.href;
  }
  window.addEventListener("piecewise-state", remember);

  // The height. A bare picture is as high as its frame.

  function tellHeight() {
    const app = document.getElementById("app");
    if (!app || document.documentElement.dataset.ui === "bare") return;
    const height = Math.ceil(app.getBoundingClientRect().height);
    if (!height || height === told) return;
    told = height;
    // As Embedly's hosts understand it.
    host.postMessage(JSON.stringify({ src: location.href, context: "iframe.resize", height }), "*");
    post({ event: "height", height });
  }
  const watchHeight = () => new ResizeObserver(tellHeight).observe(document.getElementById("app"));
  if (document.readyState === "loading") window.addEventListener("DOMContentLoaded", watchHeight);
  else watchHeight();

  // What happens here.

  const said = () => ({ name: address().name, state: address().state });
  for (const name of ["piecewise-state", "hashchange"]) window.addEventListener(name, () => post({ event: "change", ...said() }));
  window.addEventListener("piecewise-crash", (event) => post({ event: "error", message: String(event.detail) }));
  new PerformanceObserver((list, observer) => {
    if (!list.getEntriesByName("picture").length) return;
    observer.disconnect();
    post({ event: "ready", ...said() });
    const notice = document.querySelector(".notice");
    if (notice) post({ event: "error", message: notice.firstChild.textContent });
    tellHeight();
  }).observe({ type: "mark", buffered: true });

  // What the host asks for.

  function press(selector) {
    const button = document.querySelector(`.playback ${selector}`);
    if (!button) throw new Error("There is nothing to play here.");
    if (!button.disabled) button.click();
  }
  function written(settings) {
    const pairs = new Map(address().state.split("&").filter(Boolean).map((pair) => [pair.split("=")[0], pair]));
    for (const [key, value] of Object.entries(settings)) {
      if (!/^[a-z][a-z0-9-]{0,63}$/.test(key) || OPTIONS.includes(key)) throw new Error("A setting has a name that no link can hold.");
      if (value === null) pairs.delete(key);
      else if (["string", "number", "boolean"].includes(typeof value)) pairs.set(key, `${key}=${encodeURI(String(value)).replace(/[&#]/g, encodeURIComponent)}`);
      else throw new Error("A setting is a text, a number, true, false, or null.");
    }
    return [...pairs.values()].join("&");
  }
  function short(state) {
    if (typeof state !== "string" || state.length > LONGEST) throw new Error("A state is a text of at most 8192 letters.");
    return state.split("&").filter((pair) => !OPTIONS.includes(pair.split("=")[0])).join("&").replace(/#/g, "%23");
  }
  const CALLS = {
    hello: () => ({ version: VERSION, dropped }),
    getState: said,
    setState: ({ state }) => go(short(state)),
    patch: ({ settings }) => go(short(written(settings || {}))),
    reset: () => go(address().state.split("&").find((pair) => pair.startsWith("start=")) || ""),
    play: () => press(".run[aria-pressed=false]"),
    pause: () => document.querySelector(".playback .run[aria-pressed=true]")?.click(),
    step: () => press("[aria-label='One step']"),
    screenshot: ({ scale = 2, format = "png" }) => {
      if (!(scale >= 1 && scale <= 4)) throw new Error("A picture is 1 to 4 times as large as on the page.");
      return window.wasmBindings.screenshot(scale, format === "svg");
    },
  };

  let second = 0;
  let count = 0;
  window.addEventListener("message", async ({ source, data }) => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) [second, count] = [now, 0];
    const call = source === host && data && data.piecewise === VERSION && Object.hasOwn(CALLS, data.call) && CALLS[data.call];
    count += call ? 1 : 0;
    let size = Infinity;
    try {
      size = call ? JSON.stringify(data).length : Infinity;
    } catch {
      // What cannot be written down is not for us.
    }
    if (!call || count > MOST || size > LARGEST) {
      dropped += 1;
      return;
    }
    attended = true;
    const { id = null, args } = data;
    try {
      post({ id, result: (await call(args && typeof args === "object" ? args : {})) ?? null });
    } catch (error) {
      post({ id, error: String((error && error.message) || error) });
    }
  });
})();
