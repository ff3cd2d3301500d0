// Loads the part of the lecture that holds the exhibit in the address.
(() => {
  "use strict";
  // The exhibits of each part; what is not listed is looked for in the first part, "shapes".
  const PARTS = {
    shapes: ["regions"],
    networks: ["network"],
    space: ["polytopes"],
    pieces: ["folding", "linear-pieces"],
    losses: ["steep-step", "loss", "symmetry"],
    descent: ["gradient-descent", "backprop"],
    fields: ["neural-field"],
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

  // The contents are in every part; an exhibit of another one needs that part.
  window.addEventListener("hashchange", () => {
    if (exhibit() && part() !== running) location.reload();
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
      window.tellTrouble("Sharing could not be started.", String(error));
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
