// <piecewise-exhibit name="regions" state="start=seven">: an exhibit in any page. embedding.html says how.
(() => {
  "use strict";
  const base = new URL("./", document.currentScript.src);
  const MOST_LIVE = 3;
  const OPTIONS = ["ui", "panel", "hide", "lock", "theme", "scale", "play", "still"];
  const KEYS = { PageUp: 33, PageDown: 34, End: 35, Home: 36, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, " ": 32 };
  const live = new Set();
  const near = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) if (isIntersecting && target.getAttribute("load") !== "click") target.wake();
  }, { rootMargin: "200px" });

  // Turns the slide of the deck around us, or scrolls the page.
  function turn({ key, code, shiftKey }) {
    if (!(key in KEYS)) return;
    const init = { key, code, shiftKey, keyCode: KEYS[key], which: KEYS[key], bubbles: true, cancelable: true };
    const untouched = document.body.dispatchEvent(new KeyboardEvent("keydown", init));
    const isDeck = document.querySelector(".reveal, .remark-container");
    if (untouched && !isDeck && /^Page/.test(key)) scrollBy(0, (key === "PageDown" ? 0.9 : -0.9) * innerHeight);
  }

  class Exhibit extends HTMLElement {
    static observedAttributes = ["state"];
    #frame;
    #ready;
    #state;
    #asked = new Map();
    #n = 0;

    get #name() {
      return encodeURIComponent(this.getAttribute("name") || "");
    }

    connectedCallback() {
      this.style.display ||= "block";
      this.style.minHeight ||= "12rem";
      this.sleep();
      near.observe(this);
      addEventListener("message", this);
    }

    disconnectedCallback() {
      near.unobserve(this);
      removeEventListener("message", this);
      this.sleep();
    }

    attributeChangedCallback(_, before, now) {
      if (before === null || before === now) return;
      this.#state = undefined;
      if (this.#frame) this.setState(now || "").catch(() => {});
    }

    // Shows the poster. A click on it, or the window coming near, makes it live.
    sleep() {
      live.delete(this);
      this.#frame = undefined;
      for (const [, no] of this.#asked.values()) no(new Error("The exhibit has gone to sleep."));
      this.#asked.clear();
      const button = document.createElement("button");
      button.style.cssText = "all:unset;display:block;width:100%;cursor:pointer";
      button.ariaLabel = `Start the exhibit ${this.getAttribute("name")}`;
      const poster = new Image();
      poster.src = new URL(`exhibits/${this.#name}/poster.svg`, base);
      poster.alt = "";
      poster.style.cssText = "display:block;width:100%";
      button.append(poster);
      button.onclick = () => this.wake();
      this.replaceChildren(button);
    }

    // Makes it live; the farthest of too many goes to sleep.
    wake() {
      if (this.#frame) return this.#ready;
      const far = (element) => Math.abs(element.getBoundingClientRect().top);
      if (live.size >= MOST_LIVE) [...live].sort((a, b) => far(b) - far(a))[0].sleep();
      live.add(this);
      const given = OPTIONS.filter((key) => this.hasAttribute(key)).map((key) => `${key}=${encodeURIComponent(this.getAttribute(key))}`);
      if (!this.hasAttribute("ui")) given.push("ui=compact");
      const query = [this.#state ?? this.getAttribute("state"), ...given].filter(Boolean).join("&");
      const frame = document.createElement("iframe");
      frame.title = this.title || `Piecewise: ${this.getAttribute("name")}`;
      if (base.origin !== location.origin) frame.sandbox = "allow-scripts allow-same-origin allow-downloads allow-popups";
      frame.style.cssText = `border:0;width:100%;display:block;height:${this.getAttribute("height") || Math.max(this.clientHeight, 320)}px`;
      frame.src = `${base}#/${this.#name}?${query}`;
      this.#frame = frame;
      this.#ready = new Promise((done) => this.addEventListener("ready", done, { once: true }));
      this.replaceChildren(frame);
      return this.#ready;
    }

    handleEvent({ source, data }) {
      if (!this.#frame || source !== this.#frame.contentWindow || !data || data.piecewise !== 1) return;
      const { event, id, state } = data;
      if (event === "key") return turn(data);
      if (event) {
        if (event === "ready") this.#post("hello");
        if (typeof state === "string") this.#state = state;
        if (event === "height" && !this.hasAttribute("height")) this.#frame.style.height = `${+data.height}px`;
        this.dispatchEvent(new CustomEvent(event, { detail: data }));
      } else if (this.#asked.has(id)) {
        const [yes, no] = this.#asked.get(id);
        this.#asked.delete(id);
        if (data.error) no(new Error(data.error));
        else yes(data.result);
      }
    }

    #post(call, args, id) {
      this.#frame.contentWindow.postMessage({ piecewise: 1, id, call, args }, "*");
    }

    async ask(call, args) {
      await this.wake();
      return new Promise((...ends) => {
        this.#asked.set(++this.#n, ends);
        this.#post(call, args, this.#n);
      });
    }
  }

  const wrap = { setState: (state) => ({ state }), patch: (settings) => ({ settings }) };
  for (const call of ["getState", "setState", "patch", "reset", "play", "pause", "step", "screenshot"]) {
    Exhibit.prototype[call] = function (args) {
      return this.ask(call, wrap[call] ? wrap[call](args) : args);
    };
  }
  customElements.define("piecewise-exhibit", Exhibit);
})();
