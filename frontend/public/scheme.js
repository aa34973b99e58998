// Before the first paint, so that a dark page never flashes white. A file of its own: the page allows no inline scripts.
(() => {
  const stored = localStorage.getItem("mantine-color-scheme-value") || "auto";
  const dark = stored === "dark" || (stored === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
