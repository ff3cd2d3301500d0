// What must still work when the program does not: it shows what happened and starts anew from the same link.
(() => {
  "use strict";
  let shown = false;

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

  // For the page's other scripts.
  window.tellTrouble = tell;

  window.addEventListener("piecewise-crash", (event) => {
    tell("Piecewise has stopped: something in it went wrong.", String(event.detail));
  });
  if (typeof WebAssembly !== "object") {
    window.addEventListener("DOMContentLoaded", () => {
      tell("This browser cannot run Piecewise.", "It lacks WebAssembly, which every current browser has.");
    });
  }
  // The program could not be fetched or compiled.
  window.addEventListener("unhandledrejection", (event) => {
    if (document.querySelector("#app > .waiting")) tell("Piecewise could not be started.", String(event.reason));
  });
})();
