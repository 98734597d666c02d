// Applies the chosen theme before the first paint. A classic script of its own, because the page's policy admits
// no inline script and a module would run too late. `bedside-theme` is 'light' or 'dark'; absent means the system's.
(() => {
  try {
    const theme = localStorage.getItem('bedside-theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
    if (theme === 'light' || theme === 'dark') document.documentElement.style.colorScheme = theme;
  } catch {
    // Storage is blocked: the system's theme it is.
  }
})();
