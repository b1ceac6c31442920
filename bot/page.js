() => {
  // A number in an answer brings its sentence into view in the panel; the page's address stays as it is.
  document.addEventListener('click', (event) => {
    const link = event.target.closest && event.target.closest('a[href*="#src-"]');
    if (!link) return;
    event.preventDefault();
    const sentence = document.getElementById(link.getAttribute('href').split('#')[1]);
    if (!sentence) return;
    const folded = sentence.closest('details');
    if (folded) folded.open = true;
    document.querySelectorAll('mark.shown').forEach((shown) => shown.classList.remove('shown'));
    sentence.classList.add('shown');
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    sentence.scrollIntoView({ behavior: still ? 'auto' : 'smooth', block: 'center' });
    sentence.focus({ preventScroll: true });
  }, true);
}
