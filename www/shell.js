// Loads the part of the lecture that holds the exhibit in the address, and does what must still work when the program does
// not: it shows what happened and starts anew from the same link.
(() => {
  "use strict";
  // The exhibits of each part; what is not listed is in the first part, "shapes".
  const PARTS = {
    networks: ["network"],
    space: ["polytopes"],
    pieces: ["folding", "linear-pieces"],
    losses: ["steep-step", "loss", "symmetry"],
    descent: ["gradient-descent", "backprop"],
    bench: ["bench"],
  };
  const version = document.currentScript.src.replace(/^[^?]*/, "");
  // In the page of somebody else there is more to do, and nothing that the first picture would have to wait for.
  if (window.parent !== window) {
    const script = document.createElement("script");
    script.src = `frame.js${version}`;
    document.head.append(script);
  }
  const exhibit = () => (/^#\/([^?/]*)/.exec(location.hash) || ["", ""])[1];
  const part = () => Object.keys(PARTS).find((name) => PARTS[name].includes(exhibit())) || "shapes";
  const running = part();
  let shown = false;

  // The contents are in every part; an exhibit of another one needs that part.
  window.addEventListener("hashchange", () => {
    if (exhibit() && part() !== running) location.reload();
  });

  function tell(title, detail) {
    if (shown) return;
    shown = true;
    const box = document.createElement("div");
    box.className = "crash";
    box.setAttribute("role", "alert");
    const heading = document.createElement("h1");
    heading.textContent = title;
    const text = document.createElement("p");
    text.textContent = "Your settings are in the address of this page and will be there again.";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Start again with the same settings";
    button.addEventListener("click", () => location.reload());
    const more = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = "What the program said";
    const said = document.createElement("pre");
    said.textContent = detail;
    more.append(summary, said);
    box.append(heading, text, button, more);
    document.body.replaceChildren(box);
    button.focus();
  }

  window.addEventListener("piecewise-crash", (event) => {
    tell("Piecewise has stopped: something in it went wrong.", String(event.detail));
  });
  if (typeof WebAssembly !== "object") {
    window.addEventListener("DOMContentLoaded", () => {
      tell("This browser cannot run Piecewise.", "It lacks WebAssembly, which every current browser has.");
    });
    return;
  }
  // The program could not be fetched or compiled.
  window.addEventListener("unhandledrejection", (event) => {
    if (document.querySelector("#app > .waiting")) tell("Piecewise could not be started.", String(event.reason));
  });

  // The share box is fetched when somebody asks for it.
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("button.share");
    if (!button || button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    try {
      const path = (ending) => new URL(`piecewise-share${ending}${version}`, document.baseURI).href;
      const box = await import(path(".js"));
      await box.default({ module_or_path: path("_bg.wasm") });
      box.open();
    } catch (error) {
      tell("Sharing could not be started.", String(error));
    }
    button.ariaBusy = null;
  });

  const file = (ending) => new URL(`piecewise-${running}${ending}${version}`, document.baseURI).href;
  const ready = new Promise((done) => {
    if (document.readyState !== "loading") done();
    else window.addEventListener("DOMContentLoaded", done);
  });
  // The program is fetched beside the script that binds it to the page, not after it.
  const program = fetch(file("_bg.wasm"));
  Promise.all([import(file(".js")), ready]).then(([bindings]) => {
    window.wasmBindings = bindings;
    return bindings.default({ module_or_path: program });
  });
})();
