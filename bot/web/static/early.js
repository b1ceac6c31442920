// Before anything is painted: the colours that were chosen here, so that a dark page does not flash up white.
try {
  const theme = localStorage.getItem('liangce-theme');
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
} catch { /* storage is not allowed here: the system's colours are taken */ }
