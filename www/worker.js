// Starts the program that computes off the page: the same version as the page's, which stands in the address.
"use strict";
importScripts(`piecewise-worker.js${location.search}`);
wasm_bindgen({ module_or_path: `piecewise-worker_bg.wasm${location.search}` });
