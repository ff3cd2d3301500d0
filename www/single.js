// Unpacks what this file holds: the style, the scripts and the program of the page. Nothing is fetched, so the file works wherever
// it lies.
(() => {
  "use strict";
  // Two of 91 letters are 13 bits; <, & and \ are left out, so that no reader of the page takes a letter for something else.
  function held(id) {
    const element = document.getElementById(id);
    const letters = element.textContent.replace(/\s/g, "");
    const digit = (at) => {
      const code = letters.charCodeAt(at);
      return code - 33 - (code > 38) - (code > 60) - (code > 92);
    };
    // The last letters may hold a few bits more than there are bytes.
    const bytes = new Uint8Array(Number(element.dataset.bytes));
    let [n, bits, rest] = [0, 0, 0];
    for (let at = 0; at + 1 < letters.length; at += 2) {
      rest = (rest << 13) | (91 * digit(at) + digit(at + 1));
      for (bits += 13; bits >= 8; bits -= 8) bytes[n++] = rest >> (bits - 8);
      rest &= (1 << bits) - 1;
    }
    return bytes;
  }

  // A style sheet, a script and a program, behind the sizes of the first two. The policy of the page knows each text by its hash, and
  // lets no other in.
  function place(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const [style, script] = [0, 4].map((at) => view.getUint32(at, true));
    for (const [name, from, length] of [["style", 8, style], ["script", 8 + style, script]]) {
      const element = document.createElement(name);
      element.textContent = new TextDecoder().decode(bytes.subarray(from, from + length));
      document.head.append(element);
    }
    return bytes.slice(8 + style + script).buffer;
  }

  // The browser unpacks the small program that unpacks the large one, which would be a third larger if the browser had to.
  async function start() {
    if (typeof DecompressionStream !== "function") throw new Error("This browser is too old: it cannot unpack the program.");
    const stream = new Blob([held("unpacker")]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    // Each script must be in its place before its name means anything.
    const small = place(new Uint8Array(await new Response(stream).arrayBuffer()));
    await window.unpack({ module_or_path: small });
    const large = place(window.unpack.unpack(held("packed")));
    await window.wasmBindings({ module_or_path: large });
  }

  // Without an address, the first of the exhibits that somebody chose for this file is shown.
  const [first] = document.documentElement.dataset.holds.split(" ");
  if (first && !location.hash) {
    try {
      history.replaceState(null, "", `#/${first}`);
    } catch {
      // A frame without an address of its own.
      location.hash = `#/${first}`;
    }
  }
  start();
})();
