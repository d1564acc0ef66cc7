// Light or dark: as the system says, until the reader says otherwise.

const place = 'rondo-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

/** @returns {boolean} */
export const isDark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : system.matches;
};

export function restoreTheme() {
  const chosen = localStorage.getItem(place);
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
}

export function toggleTheme() {
  const theme = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  localStorage.setItem(place, theme);
  announce();
}

const announce = () => document.dispatchEvent(new Event('rondo-theme'));
system.addEventListener('change', announce);
